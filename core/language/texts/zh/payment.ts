/** Paying on a platform, in Chinese. */
export const payment: Record<string, string> = {
  'quote.invoice':
    '{{ title }}\n{% if code %}原价：{{ list }}\n优惠券 {{ code }}（{{ 100 | minus: percent | divided_by: 10 }} 折，{{ until }}前有效）：−{{ off }}\n应付：{{ total }}{% else %}价格：{{ total }}{% endif %}\n\n点下面账单上的按钮付款，你确认之前不会扣款。{% unless recorded %}为了交付课程，我只保留订单，其他行为不会记录。{% endunless %}\n购买条款：/terms',
  'quote.nothing':
    '{{ title }}{% if code %}\n原价：{{ list }}\n优惠券 {{ code }}（{% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}，{{ until }}前有效）：−{{ off }}{% endif %}\n这门课不用付钱，加入你的课程吗？{% unless recorded %}为了交付课程，我只保留订单，其他行为不会记录。{% endunless %}',
  'invoice.description':
    '课程《{{ title }}》{% if code %}，已用优惠券{% if percent < 100 %}打 {{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}{% endif %}',
  'invoice.press': '付款要由你本人确认：请点账单上的付款按钮。',
  'receipt.paid':
    '购买成功：《{{ title }}》已加入你的课程。\n实付：{{ paid }}{% if saved %}（已省 {{ saved }}）{% endif %}\n订单号 {{ number }}，{{ at }}\n\n付款有问题？发 /paysupport',
  'receipt.nothing': '《{{ title }}》已加入你的课程，没有花钱。\n订单号 {{ number }}，{{ at }}',
  'checkout.not-here':
    '《{{ title }}》暂时不能在这里购买：卖家还没有给它设定可以在这里支付的价格。可以先收藏，之后再来看看。',
  'coupon.reserved':
    '{{ code }} · {% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %} · 等待你付完之前的账单',
  'checkout.coupon.reserved': '这张优惠券正等着你付之前那张账单。付掉那张账单即可用上；不付的话，一天之内会恢复可用。',
  'checkout.invoice.unknown': '这张账单已失效，请重新打开课程购买。',
  'checkout.invoice.not-yours': '这张账单是开给别人的，请打开课程，用你自己的账单付款。',
  'checkout.invoice.changed': '开出这张账单之后价格变了，请重新打开课程购买。',
  'checkout.later': '暂时无法收款，没有扣你的钱。请过几分钟再试。',
  'payment.given-back': '你之前已经拥有《{{ title }}》，不会重复收费：{{ amount }} 已立即退还给你。',
  'payment.giving-back': '你之前已经拥有《{{ title }}》，{{ amount }} 会退还给你。刚才退款没有成功，请点按钮再试一次。',
  'payment.twice':
    '你之前已经拥有《{{ title }}》，这次又付了 {{ amount }}（订单号 {{ number }}）。这种付款只能由卖家发起退款：请点按钮联系卖家，并写上订单号。',
  'payment.unknown':
    '收到一笔 {{ amount }} 的付款，但查不到对应的课程。已记为订单 {{ number }}{% if back %}，款项会退还给你{% endif %}。请点按钮联系卖家，并写上订单号。',
  'refund.nothing-paid': '把《{{ title }}》从你的课程里移除吗？它没有花钱，用过的优惠券不退。',
  'refund.removed': '《{{ title }}》已从你的课程里移除。',
  'refund.ask-paid':
    '确定退掉《{{ title }}》，退款 {{ amount }} 吗？课程会从你的课程里移除，款项原路退回，用过的优惠券不退。',
  'refund.paid-back': '《{{ title }}》已退，{{ amount }} 已原路退回。',
  'refund.later':
    '《{{ title }}》的退款 {{ amount }} 还没有成功。别担心，钱退回之前课程仍然是你的。请过几分钟再试一次。',
  'refund.outside':
    '《{{ title }}》是通过支付服务商付的款（{{ amount }}，订单号 {{ number }}），只能由卖家退款。请点按钮联系卖家，并写上订单号。',
  paysupport:
    '付款帮助：\n• 想退课：点“退款”{% if stars %}，星星会直接退回给你{% endif %}。\n• 付了款没拿到课程、重复扣款或其他问题：点“找人工”联系卖家，并写上收据里的订单号。{% if stars %}\n\n在这里买的东西由卖家负责，Telegram 官方客服无法处理。{% endif %}{% if orders.size > 0 %}\n\n你最近的订单：{% for line in orders %}\n{{ line }}{% endfor %}{% endif %}',
  'how-to-pay':
    '{% if stars %}在这里买课程用 Telegram 星星（⭐）付款，不支持微信、支付宝等其他方式。{% if other %}线下课和直播课可以用账单上的货币付款。{% endif %}点课程的“购买”，再点账单上的按钮；星星不够时，Telegram 会当场提示你充值。{% else %}点课程的“购买”再确认即可。这里是沙盒结账，不会真的扣款。{% endif %}',
  'paysupport.order': '{{ number }} · {{ title }} · {{ amount }} · {{ status }}',
  'order.paid': '已付款',
  'order.refunding': '退款中',
  'order.refunded': '已退款',
  terms:
    '购买条款：\n• 你是向运营这个助手的卖家购买，价格以账单为准。付款后课程立即加入“我的课程”，一直可以学。\n• 你随时可以自己退课（“退款”），款项原路退回；只有通过银行卡等支付服务商付的款，要由卖家退。\n• 优惠券只限本人、用于一个订单、在有效期内使用；退课后用过的券不退。\n• 我保存了你的哪些信息、怎样导出或删除：/privacy。付款问题：/paysupport。',
  'button.ask-seller': '找人工',
  'button.refund-again': '再试一次退款',
  'button.paysupport': '付款帮助',
  'button.terms': '购买条款',
  'command.paysupport': '付款与退款帮助',
  'command.terms': '购买条款',
  'inline.open': '查看课程',
  'inline.nothing': '没有找到，去聊天里问我',
};
