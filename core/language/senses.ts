import { normalise, simplified } from './tokenize.ts';

/** What a word means to a learning assistant, in both languages. English patterns match whole words. */
const patterns = {
  message:
    'messag(?:es?|ing)|notif\\w*|push(?:es|ing)?|e-?mail(?:s|ing)?|text(?:s|ing)|text me|remind\\w*|spam(?:ming)?|ads?|adverts?|promot\\w+|promotions?|newsletters?|contact(?:ing)? me|write to me|writing to me|send(?:ing)? me|bother\\w*|disturb|推送|推(?!荐)|通知|消息|短信|提醒|广告|打扰|骚扰|联系我|发信息|给我发|别发|再发|勿扰|订阅',
  off: "stop\\w*|don'?t|do not|dont|no more|never|no longer|turn(?:ed)? \\w* ?off|switch \\w* ?off|off|disable|cancel\\w*|quit|end|cease|unsubscribe|unsub|opt(?: me)? out|mute|enough|leave me alone|without|ignore|not|no|别|不要|不用|不想|不再|不需要|不接收|不希望|停止|停|关闭|关掉|取消|退订|禁用|拒绝|拒收|屏蔽|拉黑|请勿|勿|退出|非",
  on: 'turn(?: \\w+)* on|back on|on|enable|resume|restart|start|again|subscribe|re-subscribe|allow|opt in|unmute|bring back|back|开启|打开|恢复|重新|继续|允许|启用|接收|解除|可以',
  data: 'data|information|info|records?|history|everything|数据|信息|资料|记录|历史',
  account: 'account|me|账号|账户|帐号|帐户',
  delete:
    'delet\\w+|eras\\w+|remov\\w+|wip(?:e|ing)|forget|forgotten|clear|destroy|purge|clos(?:e|ing)|get rid|删\\S?|清除|清空|注销|抹|销毁|忘了我|忘记我|移除|忘',
  export: 'export\\w*|download\\w*|copy|dump|portability|file|json|csv|导出|下载|副本|打包|备份|导成|提取',
  privacy:
    'privacy|private|gdpr|safe|share|sell|store|stored|collect\\w*|keep|hold|隐私|安全|泄露|收集|存了|保存|存的|监控',
  personal:
    'personali[sz]\\w*|non-?personal\\w*|personal|tailor\\w*|profil(?:e|ing)|anonymous|generic|impersonal|个性化|定制\\S?|画像|无痕|匿名|千人一面',
  record: 'record\\w*|log|track\\w*|activity|behaviou?r|行为|记录我|被记录',
  consent: 'consents?|permissions?|agree\\w*|terms|同意|授权|权限|条款',
  this: 'this|it|that|one|the (?:first|second|third|last)|这\\S|它|那门|第\\S[个门]|最后一[个门]',
  course: 'courses?|class(?:es)?|lessons?|tutorials?|课程?|教程|教学',
  question: 'what\\S*|how|who|which|when|where|is|are|do|does|\\?|什么|啥|怎么|谁|多少|哪|吗|几',
  price: 'price\\w*|cost\\w*|how much|expensive|free|fee|多少钱|价格|贵|收费|免费|价钱',
  coupon:
    'coupons?|vouchers?|discounts?|promo|offers?|deals?|sale|cheaper|券|优惠\\S?|折扣|打折|红包|促销|特价|福利|便宜点',
  code: 'codes?|redeem|码|兑换',
  refund: 'refund\\w*|money back|return\\w*|charged?|退款|退钱|退课|退费|退货|退掉|能退|退我|想退|要退|退了',
  buy: 'buy\\w*|bought|purchas\\w+|order\\w*|enrol\\w*|sign (?:me )?up|checkout|pay\\w*|take it|买|购|下单|报名|付款|支付|结账|付钱|报',
  done: 'finish\\w*|complet\\w+|done|学完|看完|完成|结课|听完|上完|刷完|毕业|完课|搞定',
  part: 'half\\w*|percent|%|chapters?|quarter|progress|through|middle|一半|％|百分之|节|章|进度|分之|学到|看到|成$|打卡',
  stars: 'stars?|rat(?:e|ing)|scor\\w+|reviews?|out of|星|分$|打\\S?分|评分|评\\S|满分|差评|好评|\\d分',
  similar:
    'similar\\w*|like (?:this|it|that|the)|related|alternatives?|comparable|same kind|类似\\S?|相似|差不多|同类\\S?|相关|像|相近|一样',
  save: 'sav(?:e|ed|ing)|bookmark\\w*|favou?rites?|wish ?list|later|收藏\\S?|存|留着|以后|稍后|心愿单|回头',
  interest: 'interest\\w*|like|into|taste|preferences?|兴趣|喜欢|偏好|喜好|爱看',
  mine: "my|mine|i have|do i|did i|have i|i've|我的|我买|我学|我收藏|我报|我有|已购|已买",
  time: "\\d+ ?[ap]m|o'clock|\\d+:\\d+|morning|evening|hours?|time|noon|night|daily|every day|timezone|点|时间|早上|晚上|中午|下午|时区|每天",
  language: 'english|chinese|mandarin|language|英文|英语|中文|语言|普通话|汉语',
  find: 'find|search\\w*|look(?:ing)?(?: for| up)|any|got|do you have|is there|搜\\S?|找|查|有没有|检索|有\\S+吗|哪些',
  recommend: 'recommend\\w*|suggest\\w*|ideas|what should i|surprise|推荐|建议|学什么|学啥|换一批|该学|热门',
  more: 'more|another|next|else|other|更多|再来|还有|别的|其他',
  detail: 'details?|more about|about|describe|syllabus|info|详细|详情|介绍|讲什么|大纲|简介|讲师|老师|难',
  setting: 'settings?|change|set|adjust|update|设置|修改|调整|改\\S?',
  learn: 'learn\\w*|study\\w*|学',
} as const;
export type Sense = keyof typeof patterns;

const compiled = (Object.entries(patterns) as [Sense, string][]).map(([sense, source]) => {
  const [english, chinese] = partition(source.split(/\|(?![^(]*\))/), (each) => !/\p{Script=Han}|％/u.test(each));
  return [sense, new RegExp(`(?<![a-z])(?:${english.join('|')})(?![a-z])|${chinese.join('|')}`, 'u')] as const;
});

/** The senses of a text, in a fixed order. */
export function sensesOf(text: string): Sense[] {
  const plain = simplified(normalise(text));
  return compiled.filter(([, pattern]) => pattern.test(plain)).map(([sense]) => sense);
}

function partition<T>(list: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [list.filter(test), list.filter((item) => !test(item))];
}
