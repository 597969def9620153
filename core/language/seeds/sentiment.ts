import { utterances, type Example } from './seed.ts';

/** Replies to pushed courses and coupons, labelled by us. Apart by `|`. */
const replies: Record<'positive' | 'neutral' | 'negative', string> = {
  positive: `great course | love it | thanks, this is exactly what i needed | this looks awesome | very helpful, thank you | the teacher explains so well | best course i've taken | i learned a lot | really enjoyed it | nice pick
    | perfect timing | can't wait to start | good value | super clear explanations | i'm so happy with this | worth every penny | wow, thanks for the coupon | yes please, looks fun | excellent material | keep them coming
    | you know me well | that's a good one | impressive | loved the exercises | much better than i expected | not bad at all | this helped me get a job | brilliant | i'm hooked | finally something useful | cool, i'll take it | sounds great | interesting, tell me more | glad i found this
    | 太好了 | 这课真不错 | 老师讲得很清楚 | 学到很多，谢谢 | 喜欢 | 很有用 | 正是我想要的 | 推荐得真准 | 超值 | 期待 | 干货满满 | 讲得通俗易懂 | 收获很大 | 好评 | 棒 | 赞 | 比想象中好 | 一点也不无聊 | 太感谢了，券很及时 | 终于找到合适的课了
    | 会推荐给朋友 | 非常满意 | 物超所值 | 老师很专业 | 爱了爱了 | 这个可以有 | 真贴心 | 看着就想学 | 内容很实用 | 节奏刚好 | 听得很过瘾 | 开心 | 这门课帮我升职了 | 还不错哦 | 挺好的 | 厉害 | 就喜欢这种课 | 好呀好呀 | 有意思，我看看`,
  neutral: `ok | i'll think about it | when does it start | how long is it | maybe later | what does it cover | is it in english | i already have this | noted | which level is it | who is the teacher | seen it | let me check | i see | hm
    | do i need a laptop | what's the price | can i use the coupon on other courses | does it have subtitles | next week maybe | i'm at work now | remind me tomorrow | where do i find it | is there a certificate | yes | no | so so | it's average | tell me about the second one | what is this | i'm halfway through | fine
    | is it available on the phone | i bought it last month | got it | who are you | how many lessons | will there be a part two | send me the link | it is what it is
    | 好的 | 知道了 | 我考虑一下 | 什么时候开课 | 多长时间 | 多少钱 | 需要基础吗 | 我已经买过了 | 再看看 | 下次吧 | 收到 | 有证书吗 | 谁讲的 | 嗯 | 哦 | 在上班，晚点看 | 优惠券怎么用 | 可以用手机看吗 | 一般 | 还行吧 | 明天提醒我 | 有字幕吗 | 讲什么的
    | 学了一半了 | 我看看 | 几节课 | 在哪里看 | 这是什么 | 你是谁 | 发我链接 | 还有第二部吗 | 上个月买的 | 暂时没时间 | 不确定 | 适合几岁 | 是直播还是录播 | 第二个讲什么 | 先这样 | 中规中矩`,
  negative: `waste of money | boring | i don't like it | too expensive | this is useless | stop sending this | terrible teacher | i want my money back | way too basic | not what i asked for | so confusing | the audio is awful | i hate these messages
    | disappointed | not worth it | irrelevant to me | i didn't learn anything | poorly made | outdated content | worst course ever | too fast, couldn't follow | you keep recommending the same thing | annoying | no, this is spam | it's a scam | i regret buying it | not good | not helpful at all | i fell asleep
    | the coupon doesn't work | it never loads | that's wrong | why do you keep bothering me | nobody needs this | what a joke | overpriced for two hours of video | hard to understand | the examples don't even run | i expected more | could be better
    | 太贵了 | 没用 | 浪费钱 | 讲得太差 | 听不懂 | 无聊 | 不喜欢 | 别再发了 | 推荐得不准 | 太水了 | 老师声音难听 | 后悔买了 | 不值 | 垃圾课 | 内容过时 | 太简单了没意思 | 烦死了 | 失望 | 骗人的 | 根本学不会 | 一点收获都没有 | 讲得太快跟不上
    | 优惠券用不了 | 总是推一样的 | 不如看书 | 期望太高了 | 什么破课 | 割韭菜 | 不推荐 | 视频老卡 | 听睡着了 | 跟描述不符 | 太啰嗦 | 退钱 | 不怎么样 | 没学到东西 | 客服也不理人 | 太难了学不下去 | 广告太多 | 差评`,
};

export function sentimentExamples(): Example[] {
  return Object.entries(replies).flatMap(([label, list]) => utterances(list).map((text) => ({ text, label })));
}
