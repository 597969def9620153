import { normalise, simplified } from './tokenize.ts';

/** Words of praise and blame about courses and messages, our own list. English ones match whole words. */
const praise =
  "good|great|awesome|excellent|amazing|love(?:d|ly)?|like(?:d)?|nice|cool|perfect|helpful|useful|thank\\w*|thx|best|fantastic|wonderful|enjoy\\w*|happy|glad|brilliant|clear|worth|recommend|interesting|fun|impressed|superb|easy to follow|well (?:done|made|explained)|wow|yay|learned a lot|can'?t wait|excited|thumbs up|不错|很好|好评|真好|太好|太棒|真棒|很棒|棒棒|喜欢|爱了|赞|优秀|满意|有用|实用|受益|收获|谢谢|感谢|清楚|清晰|易懂|值得|值了|划算|推荐给|开心|期待|有意思|有趣|专业|惊喜|厉害|牛|给力|精彩|干货|好用|好听|学到(?:了|很)|nice|完美|贴心|超值|五星|不虚此行|点赞";
const blame =
  'bad|terrible|awful|horrible|boring|bored|useless|waste|poor(?:ly)?|hate\\w*|annoy\\w*|disappoint\\w*|worst|worse|expensive|overpriced|slow|confus\\w*|difficult|unclear|spam\\w*|stupid|sucks?|broken|scam|refund|rubbish|garbage|trash|angry|wrong|irrelevant|outdated|too (?:hard|fast|long|short|basic|easy|much|many|loud)|dislike|fed up|ridiculous|meh|crap|shit|unhappy|regret\\w*|misleading|lame|not for me|差|烂|垃圾|无聊|没用|没意思|浪费|失望|讨厌|烦|太贵|贵了|坑|骗|听不懂|看不懂|太难|太快|太慢|太水|太浅|太短|太长|水课|糟糕|后悔|不值|退款|难听|敷衍|过时|生气|无语|恶心|乱|错误|卡顿|骚扰|不满|不喜欢|不感兴趣|不好|不行|不推荐|没收获|不实用|不清楚|离谱|一般般|鸡肋|割韭菜|智商税';
const NOT =
  /(?:\b(?:not|no|never|isn'?t|wasn'?t|don'?t|didn'?t|doesn'?t|aren'?t|can'?t say|hardly|without)\b|(?<!n[o']t )\bless\b)(?:\W+\w+){0,2}\W*$|(?:不|没|没有|并不|不太|不怎么|毫无|谈不上|算不上|别)(?:是|很|太|那么|什么|觉得|够)?$/u;

const PRAISE = compile(praise);
const BLAME = compile(blame);

export interface Tone {
  praise: number;
  blame: number;
}

/** How many words of praise and blame there are; "not bad" and "不无聊" count the other way round. */
export function toneOf(text: string): Tone {
  const plain = simplified(normalise(text)).replace(/can'?t wait|not only|没的说|没得说|不错过/g, (found) =>
    found.startsWith('can') || found.startsWith('没') ? 'great' : '',
  );
  const tone: Tone = { praise: 0, blame: 0 };
  const blamed: [from: number, to: number][] = [];
  for (const found of plain.matchAll(BLAME)) {
    blamed.push([found.index, found.index + found[0].length]);
    tone[NOT.test(plain.slice(0, found.index)) ? 'praise' : 'blame']++;
  }
  for (const found of plain.matchAll(PRAISE)) {
    // "不喜欢" is one word of blame, not praise denied and blame besides.
    if (blamed.some(([from, to]) => found.index >= from && found.index < to)) continue;
    tone[NOT.test(plain.slice(0, found.index)) ? 'blame' : 'praise']++;
  }
  return tone;
}

function compile(source: string): RegExp {
  const words = source.split(/\|(?![^(]*\))/);
  const han = /\p{Script=Han}/u;
  const english = words.filter((word) => !han.test(word));
  const chinese = words.filter((word) => han.test(word)).sort((a, b) => b.length - a.length);
  return new RegExp(`(?<![a-z])(?:${english.join('|')})(?![a-z])|${chinese.join('|')}`, 'gu');
}
