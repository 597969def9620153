/** Readings by rule, for the requests that must be understood whatever the classifier has learnt. */

import { mentions } from './glossary.ts';
import type { IntentName } from './intents.ts';
import { normalise, simplified, tokenize } from './tokenize.ts';

/**
 * Requests about a person's rights: no more messages first, then erasure, export, personalisation
 * and privacy. An opt-out is read generously: one missed does more harm than one too many.
 */
export function requestOf(text: string): IntentName | undefined {
  const said = plainOf(text);
  const messages = messageRequest(said);
  if (messages) return messages;
  if (isErasure(said)) return 'erase';
  if (isExport(said)) return 'export';
  return personalisation(said) ?? (/\bprivacy\b|\bgdpr\b|隐私/.test(said) ? 'privacy' : undefined);
}

/** What sounds like an opt-out and is none: "don't stop", "I'm not getting any messages". */
export function isNoOptOut(text: string): boolean {
  const said = plainOf(text);
  return !BARE.test(said) && (NOT_OPT_OUT.test(said) || (NOT_RECEIVED.test(said) && !WISH.test(said)));
}

/** Something that must not be done: "don't buy it", "别删我的数据". */
export function isRefusal(text: string): boolean {
  return REFUSAL.test(plainOf(text));
}

function plainOf(text: string): string {
  return simplified(normalise(text)).replace(/\s+/g, ' ').trim();
}

const REFUSAL =
  /^(?:please |no,? |oh,? )*(?:don'?t|do not|never) (?:\w+ )?(?:buy|purchase|order|delete|erase|remove|wipe|export|download|refund|pay)\b|^(?:请|先|还是|千万)*(?:别|不要|不想|不)(?:再|给我|帮我)*(?:买|购买|下单|付款|删|注销|清空|导出|退款|付)/;
const BARE =
  /^(?:no, ?|ok,? ?|oh,? ?|嗯,?|请)?(?:just |please |pls |plz |now )*(?:s+t+o+p+|stahp|quit|unsubscri\w*|unsub\w*|opt[ -]?out|mute|cease|td|t|stop (?:it|all|this|now|that|everything)|退订|停|停止|停下|静音|闭嘴|打住|够了|拒收|取关)(?: (?:please|pls|plz|now|already|me))*[了吧啊呀嘛吗]*[.!。!~…]*$/;

const MESSAGE =
  'messag\\w*|notif\\w*|push\\w*|e-?mail\\w*|text(?:s|ing|ed)?|contact\\w*|remind\\w*|spam\\w*|ads?|adverts?|advertis\\w*|promot\\w*|promos?|marketing|newsletters?|alerts?|ping(?:s|ing)?|dm(?:s|ing)?|bother\\w*|disturb\\w*|annoy\\w*|harass\\w*|pester\\w*|hear(?:ing)? from|writ(?:e|ing)(?: to)? me|send(?:ing)? (?:me|us|these|this|those|stuff|anything|things)|sending|call(?:s|ing)? me|subscriptions?|mailings?|broadcasts?|talk(?:ing)? to me';
const OFF =
  "stop\\w*|quit|cease|end|no more|don'?t|do not|never|cancel|turn(?:ing)? (?:\\w+ ){0,3}off|switch (?:\\w+ ){0,3}off|shut off|turn off|switch off|disable|mute|block|silence|enough|no longer|tired of|sick of|fed up|without|no|not|unsubscri\\w*|hate|remove|halt|too many";
const OFF_MESSAGE = new RegExp(
  `\\b(?:${OFF})\\b.{0,50}\\b(?:${MESSAGE})\\b|\\b(?:${MESSAGE})\\b.{0,25}\\b(?:stop|off|unwanted|not wanted|annoy\\w*|enough)\\b`,
);
const OPT_OUT_PHRASE =
  /\bunsubscri|\bunsub\b|\bopt(?:ing)?[ -]?(?:me )?out\b|\b(?:leave|let) me (?:alone|be)\b|\bgo away\b|\bget lost\b|\b(?:fuck|piss|buzz|bug) off\b|\bshut up\b|\b(?:remove|take|get|drop|delete|cross) me (?:from|off)\b.{0,25}\b(?:list|mailing|database of)|\bthis is spam\b|\bstop (?:it|this|that|now|all)\b|\bi (?:said|told you|asked you to) stop\b|\b(?:don'?t|do not) want (?:to hear|(?:any|these|your|this stuff))\b(?!.*\bcourse\b)/;
const OFF_MESSAGE_ZH =
  /退订|退定|取消关注|拒收|不接收|停发|(?:取消|解除|不|停止|终止|关闭|关掉)(?:再|想|要|用)?.{0,4}订阅|(?:别|甭|不要|莫|勿|请勿|不许|不准|少)(?:再|老|总|一直|天天|继续)*(?:给我|向我|跟我|对我|往这)?(?:再|乱|瞎|老)?(?:发|推(?!荐)|烦|骚扰|打扰|吵|联系|通知|提醒|私信|群发|刷屏|轰炸|cue)|(?:不要|不想|不用|不需要|不必|不再|不愿|不希望|不接受|停止|停掉|停了|关闭|关掉|关了|关一下|取消|屏蔽|拒绝|禁止|禁用|别让|没必要|不接收|受够|厌倦|讨厌|暂停|终止).{0,10}(?:推送|消息|通知|短信|广告|提醒|打扰|骚扰|联系|营销|私信|邮件|电话|给我发|发(?:了|送|来|给)|推(?:了|给)|轰炸|垃圾信息|信息了|接收|收到)|(?:推送|消息|通知|短信|广告|提醒|邮件)(?:都|全|全部|请|给我|帮我|统统)*(?:停|关|取消|屏蔽|别|不要|太多|太频繁|太烦|免了)|烦死|烦不烦|烦人|闭嘴|拉黑|滚(?:开|蛋|$)|垃圾(?:信息|短信|广告)|从(?:名单|列表|群发).{0,6}(?:去掉|删|移|除)/;

const NOT_OPT_OUT =
  /\b(?:don'?t|do not|never|didn'?t|can'?t) (?:\w+ )?(?:stop|mute|unsubscribe|cancel|turn \w* ?off)\b(?!.*\b(?:messages again)\b)|\bunmute\b|\bback on\b|\bwhy (?:don'?t|aren'?t|haven'?t|am i not|do i not|did)\b|取消静音|(?:解除|取消|关闭|关掉)(?:免打扰|勿扰|屏蔽|静音)|(?:不要|别)(?:停(?!留)|取消|关)|没(?:有)?收到|收不到|为(?:什么|啥)(?:不|没)|怎么(?:不|没)/;
const NOT_RECEIVED =
  /\b(?:don'?t|do not|didn'?t|not|haven'?t|never) (?:get|getting|got|receive|receiving|received|see|seeing)\b/;
const WISH = /\b(?:want|wish|like|need|stop|please)\b/;
const OTHER_MATTER =
  /personali[sz]|profil(?:e|ing)|tailor|track\w*|record\w*|recommend\w*|suggest\w*|\b(?:refund|order|purchase)\b|个性化|画像|推荐|记录|订单|退款|这个|这门|这课|这种|这类|那个|那门/;
const CERTAIN_MATTER = /\bmessag|\bnotif|\bpush|\be-?mail|\bspam|\bunsubscri|\bremind|推送|消息|通知|短信|退订|提醒/;
const CERTAIN_TIME =
  /\b(?:before|after|between|until|during|at night|in the (?:morning|evening|afternoon)|at noon|on (?:weekends?|sundays?|mondays?|saturdays?)|\d ?[ap]m)\b|早上|上午|中午|下午|晚上|夜里|半夜|凌晨|周末|[\d一二三四五六七八九十]点/;
const MESSAGE_WORDS = new RegExp(`\\b(?:${MESSAGE})\\b|推送|消息|通知|短信|广告|提醒|营销|邮件|信息`, 'g');

function messageRequest(said: string): IntentName | undefined {
  if (BARE.test(said)) return 'mute';
  if (NOT_OPT_OUT.test(said)) return undefined;
  const phrase = OPT_OUT_PHRASE.test(said);
  if (!phrase && !OFF_MESSAGE.test(said) && !OFF_MESSAGE_ZH.test(said)) return undefined;
  if (OTHER_MATTER.test(said) && !CERTAIN_MATTER.test(said)) return undefined;
  if (NOT_RECEIVED.test(said) && !WISH.test(said)) return undefined;
  if (phrase || /退订|\bunsub/.test(said)) return 'mute';
  // Fewer messages, not none.
  if (CERTAIN_TIME.test(said)) return 'settings';
  return mentions(tokenize(said.replace(MESSAGE_WORDS, ' '))).length === 0 ? 'mute' : undefined;
}

const PERSONAL_THINGS =
  'data|information|info|records?|history|account|profile|everything|traces?|details|chats?|conversations?|activity|logs?';
const ERASE = new RegExp(
  `\\b(?:delet\\w+|eras\\w+|remov\\w+|wip(?:e|ed|ing)|clear|destroy|purge|get rid of|scrub|clos(?:e|ing)|terminat\\w+|deactivat\\w+|cancel)\\b.{0,25}\\b(?:my|all|every\\w*|about me|you (?:know|have|store\\w*)|the)\\b.{0,25}\\b(?:${PERSONAL_THINGS})\\b` +
    `|\\b(?:${PERSONAL_THINGS})\\b.{0,25}\\b(?:deleted|erased|removed|wiped|gone|destroyed)\\b` +
    '|\\b(?:delete|erase|forget) (?:about )?me\\b|\\b(?:be|right to be) forgotten\\b|\\b(?:delete|erase|wipe) (?:it all|everything|all)\\b|\\bright to erasure\\b|\\b(?:delete|erase|remove|wipe) (?:what|everything|all) you\\b|^(?:please )?erase\\b',
);
const ERASE_ZH =
  /(?:删除|删掉|删了|删光|删去|清除|清空|清掉|抹掉|抹除|抹去|销毁|移除|清理掉).{0,12}(?:数据|账号|账户|帐号|帐户|个人信息|信息|资料|记录|历史|痕迹)|(?:数据|账号|账户|帐号|帐户|信息|资料|记录|历史|痕迹|我的东西)(?:都|全|全部|统统|给我|帮我|请|彻底|永久)*(?:删|清空|清除|清掉|抹|销毁|注销)|注销|销户|删号|删除我(?!的?(?:课|收藏))|忘(?:记|了|掉)我|把我(?:忘|删)|被遗忘|^(?:请|帮我)?(?:彻底|永久|全部|统统)删|删除权|抹除一切|关于我的.{0,6}删/;
const NO_ERASURE =
  /\b(?:don'?t|do not|never)\b.{0,15}\b(?:delete|erase|remove|wipe|forget|close)\b|(?:不要|别|不想|没有?)(?:把|给我|再)?.{0,6}(?:删|注销|清空|忘)/;
const NOT_PERSONAL_THINGS =
  /\binterests?\b|\bcourses? from\b|\bfrom my (?:list|recommendations|wish ?list)\b|收藏|兴趣|朋友圈|推荐里|课程/;

function isErasure(plain: string): boolean {
  return (ERASE.test(plain) || ERASE_ZH.test(plain)) && !NO_ERASURE.test(plain) && !NOT_PERSONAL_THINGS.test(plain);
}

const EXPORT = new RegExp(
  `\\b(?:export\\w*|download\\w*|cop(?:y|ies) of|dump|archive|extract|back ?up)\\b.{0,30}\\b(?:${PERSONAL_THINGS})\\b|\\b(?:${PERSONAL_THINGS})\\b.{0,15}\\b(?:export|dump|download|portability|as (?:a )?(?:json|file|csv))\\b` +
    `|\\b(?:give|send|hand|show|get|provide|request|want|have|take)\\b.{0,12}\\b(?:me )?(?:a copy of |all |everything|all of )?(?:my|the) (?:own |personal |full |entire |whole )*(?:${PERSONAL_THINGS})\\b(?! (?:policy|safe|deleted|gone|used|erased))|\\bsubject access\\b|\\bsave my (?:data|records)\\b|\\b(?:everything|all) you (?:have|hold|know|store) (?:on|about|of) me\\b|\\bexport\\b`,
);
const EXPORT_ZH =
  /导出|(?:下载|打包|备份|提取|拷贝|复制|带走|取回|拿到|拿走|获取|索取|要一份).{0,8}(?:数据|个人信息|资料|记录|信息)|(?:数据|个人信息|资料|记录|信息).{0,6}(?:副本|打包|备份|下载|导|发给我|给我一份|拷)|(?:给|发)我.{0,4}(?:一份)?.{0,3}我的.{0,6}(?:数据|资料|信息|记录)|你们?存的.{0,6}给我|(?:提供|申请).{0,4}我的.{0,4}(?:数据|资料)/;
const NOT_EXPORT =
  /\bprofile\b(?!.*\b(?:export|download|json)\b)|\border history\b|\b(?:hide|use|into account|record|sell|share|using)\b|购买记录|学习记录$|(?:卖|泄露|共享)/;

function isExport(plain: string): boolean {
  if (/\bexport\b|导出/.test(plain)) return !/\bdon'?t\b|\bdo not\b|不要|别/.test(plain);
  return (EXPORT.test(plain) || EXPORT_ZH.test(plain)) && !NOT_EXPORT.test(plain);
}

const PERSONALISATION =
  /personali[sz]|\b(?:non-?|im)? ?personal (?:mode|recommendations|suggestions)\b|\bnon-?personal|\btailor|\bprofiling\b|个性化|定制(?:化|推荐)|用户画像|关闭画像/;
const TURNED_OFF =
  /\b(?:stop|don'?t|do not|turn(?:ed)? (?:\w+ ){0,2}off|off|disable|no|without|opt out|switch off|leave|exit|never|not|quit)\b|\bnon\b|non-?(?=personal)|\bun(?=personal)|\bde(?=personal)|关闭|关掉|关了|不要|不想|不用|不需要|别|停止|停用|取消|退出|禁用|拒绝|非(?=个性)|去(?=个性)/g;

/** Two negations are none: "turn off non-personal mode" asks for personal recommendations. */
function personalisation(plain: string): IntentName | undefined {
  if (!PERSONALISATION.test(plain) || /\?|？|\bwhat\b|\bhow\b|\bwhy\b|什么|怎么|为何|吗/.test(plain)) return undefined;
  const negations = plain.replace(/turn off|switch off/g, 'off').match(TURNED_OFF)?.length ?? 0;
  return negations % 2 === 1 ? 'non_personal' : 'personal';
}
