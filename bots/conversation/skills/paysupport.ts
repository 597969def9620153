import type { Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { orderedTitle, orderNumber } from '../receipt.ts';
import { named, say, text } from '../say.ts';
import { defineSkill } from '../skill.ts';
import { money } from '../wording.ts';

const LISTED = 5;

/** Something went wrong with money. */
const TROUBLE = [
  /(?:重复|多|被|乱|误)扣(?:了)?(?:我)?(?:的)?(?:款|费|钱)|为什么(?:会)?扣(?:了)?(?:我|款|费|钱)|(?:付|支付|扣)(?:了|完)(?:款|钱|费)?.{0,8}(?:没有?|未)(?:收到|拿到|看到|到账|开通)|(?:付款|支付|付钱)(?:有问题|出问题|失败|不了|不成功|异常)/,
  /\bcharged (?:me )?(?:twice|two times|again|by mistake)\b|\bpayment (?:problem|issue|failed|fails|did ?n[o'’]t|does ?n[o'’]t)|\bproblem with (?:my |the |a )?payment|\bwhy (?:was|am|did|have) .{0,16}charged?\b|\bi paid (?:but|and) .{0,40}(?:\bno\b|\bnot\b|n['’]t\b|\bnever\b)/i,
];

/** How one pays here. */
const HOW = [
  /^(?:请问)?(?:要)?(?:怎么|怎样|如何)(?:用.{1,8})?(?:付款|支付|付钱|充值|[买购充].{0,2}星星)|^(?:请问)?(?:你们|这里)?(?:支持|可以|能|可不可以|能不能)用?(?:微信|支付宝|银行卡|信用卡|现金|paypal)(?:支付|付款|付|付钱)?(?:吗|么|嘛)?$|^(?:你们|这里)?(?:有哪些|有什么|什么)?(?:付款|支付)方式(?:有哪些|是什么)?$/i,
  /^(?:how|where) (?:do|can|should) (?:i|we|you) pay\b|^(?:what (?:are )?)?(?:the |your )?payment (?:methods?|options?)\b|^how to pay\b|^(?:can|do|may) (?:i|we|you) (?:pay|accept|take) (?:with |by |via |in )?(?:paypal|(?:a |my )?(?:credit )?card|wechat|alipay|stars|cash)\b/i,
];

const CONDITIONS = [
  /^(?:请问)?(?:你们|这里)?(?:的|有)?(?:什么)?(?:退款|退课|退货|购买|付款)(?:的)?(?:政策|规则|条件|条款|规定)(?:是什么|有哪些|是怎样的|怎么样)?(?:吗|呢)?$/,
  /^(?:what (?:is|are) )?(?:the |your )?(?:refund (?:policy|terms|conditions)|terms(?: of (?:sale|service|use|buying))?|terms and conditions)$/i,
];

/** Help with payments and the terms of buying: Telegram wants both of whoever sells there. */
export const paysupport = defineSkill({
  name: 'payment support',
  presses: { paysupport: help, terms },
  phrases: [
    ...CONDITIONS.map((pattern) => [pattern, terms] as const),
    ...TROUBLE.map((pattern) => [pattern, help] as const),
    ...HOW.map((pattern) => [pattern, howTo] as const),
  ],
});

function terms(): Reply[] {
  return [say('terms', {}, [[named('paysupport', { action: 'paysupport' })]])];
}

function howTo({ tariff }: Context): Reply[] {
  const args = { stars: tariff !== undefined, other: tariff?.ownCurrency ?? false };
  return [
    say('how-to-pay', args, [[named('recommend', { action: 'recommend' }), named('terms', { action: 'terms' })]]),
  ];
}

async function help(context: Context): Promise<Reply[]> {
  const orders = await context.orders();
  const lines = orders.slice(0, LISTED).map((order) =>
    text('paysupport.order', {
      number: orderNumber(order),
      title: orderedTitle(context.services.catalogue.get(order.courseId), order),
      amount: money(order.paidMinor, order.currency),
      status: text(`order.${order.status}`),
    }),
  );
  const refundable = orders.some(({ status }) => status !== 'refunded');
  return [
    say('paysupport', { orders: lines, stars: context.tariff !== undefined }, [
      [...(refundable ? [named('refund', { action: 'refund' })] : []), named('ask-seller', { action: 'ask' })],
      [named('terms', { action: 'terms' })],
    ]),
  ];
}
