/** Paying on a platform, in English. */
export const payment: Record<string, string> = {
  'quote.invoice':
    '{{ title }}\n{% if code %}Price: {{ list }}\nCoupon {{ code }} ({{ percent }}% off, until {{ until }}): −{{ off }}\nTo pay: {{ total }}{% else %}Price: {{ total }}{% endif %}\n\nThe button on the bill below pays it. Nothing is taken before you confirm.{% unless recorded %} I keep the order, to deliver the course; nothing else is recorded.{% endunless %}\nTerms: /terms',
  'quote.nothing':
    '{{ title }}{% if code %}\nPrice: {{ list }}\nCoupon {{ code }} ({{ percent }}% off, until {{ until }}): −{{ off }}{% endif %}\nThere is nothing to pay. Shall I add it to your courses?{% unless recorded %} I keep the order, to deliver the course; nothing else is recorded.{% endunless %}',
  'invoice.description': 'The course “{{ title }}”{% if code %}, {{ percent }}% off with your coupon{% endif %}',
  'invoice.press': 'Only you can pay: please press the button on the bill.',
  'receipt.paid':
    'Done: “{{ title }}” is yours.\nPaid: {{ paid }}{% if saved %} (you saved {{ saved }}){% endif %}\nOrder {{ number }}, {{ at }}\n\nSomething wrong with the payment? /paysupport',
  'receipt.nothing': 'Done: “{{ title }}” is yours, and it cost you nothing.\nOrder {{ number }}, {{ at }}',
  'checkout.not-here':
    "“{{ title }}” can't be bought in this chat yet: the seller has set no price for it that can be paid here. I'm happy to keep it for you.",
  'coupon.reserved': '{{ code }} · {{ percent }}% off · waits for a payment you began',
  'checkout.coupon.reserved':
    'That coupon is waiting for a payment that you began. Pay that bill, or use the coupon elsewhere within a day, when it is free again.',
  'checkout.invoice.unknown': 'This bill is out of date. Please open the course again for a new one.',
  'checkout.invoice.not-yours': 'This bill was made for somebody else. Please open the course for one of your own.',
  'checkout.invoice.changed':
    'The price has changed since this bill was made. Please open the course again for a new one.',
  'checkout.later':
    "I can't take the payment at the moment, and nothing was charged. Please try again in a few minutes.",
  'payment.given-back':
    'You had “{{ title }}” already, so I did not charge you twice: {{ amount }} went back to you at once.',
  'payment.giving-back':
    'You had “{{ title }}” already, so {{ amount }} goes back to you. That did not work just now: please try once more with the button.',
  'payment.twice':
    'You had “{{ title }}” already, and {{ amount }} has now been paid a second time (order {{ number }}). The payment provider gives money back only to the seller’s order: please write to them with the button, and name the order.',
  'payment.unknown':
    'A payment of {{ amount }} has arrived, and I can not find what it was for. It is kept as order {{ number }}{% if back %} and goes back to you{% endif %}. Please write to the seller with the button, and name the order.',
  'refund.nothing-paid':
    'Take “{{ title }}” out of your courses? It cost you nothing, and a coupon used for it stays used.',
  'refund.removed': '“{{ title }}” is out of your courses.',
  'refund.ask-paid':
    'Give “{{ title }}” back for {{ amount }}? It leaves your courses, the money goes back the way it came, and a coupon used for it stays used.',
  'refund.paid-back': '“{{ title }}” is given back, and {{ amount }} is on its way to where it came from.',
  'refund.later':
    'The refund of {{ amount }} for “{{ title }}” has not gone through yet. Nothing is lost: you keep the course until the money is back. Please try again in a few minutes.',
  'refund.outside':
    '“{{ title }}” was paid with a payment provider ({{ amount }}, order {{ number }}), and only the seller can have it given back. Please write to them with the button, and name the order.',
  paysupport:
    'Help with payments:\n• Give a course back: “Refund”{% if stars %}. Stars go straight back to you{% endif %}.\n• Paid and no course, charged twice, or anything else: write to the seller with “Ask a person”, and name the order number of your receipt.{% if stars %}\n\nThe seller answers for what you buy here; Telegram’s own support can not help with it.{% endif %}{% if orders.size > 0 %}\n\nYour last orders:{% for line in orders %}\n{{ line }}{% endfor %}{% endif %}',
  'how-to-pay':
    '{% if stars %}Courses are paid with Telegram Stars (⭐) here, and in no other way.{% if other %} Those that are held live or sent to you are paid in the currency on their bill.{% endif %} Press “Buy” on a course, then the button on the bill; when you have too few Stars, Telegram offers you more at that moment.{% else %}Press “Buy” on a course, and confirm. This is a sandbox checkout: no money moves.{% endif %}',
  'paysupport.order': '{{ number }} · {{ title }} · {{ amount }} · {{ status }}',
  'order.paid': 'paid',
  'order.refunding': 'being given back',
  'order.refunded': 'given back',
  terms:
    'Terms of buying here:\n• You buy from the seller who runs this assistant, at the price on the bill. A paid course is in your courses at once and stays there.\n• You can give a course back yourself at any time (“Refund”): what you paid goes back the way it came. Only payments with a card provider are given back by the seller.\n• A coupon is for you alone, for one order, until its date; it stays used when the order is given back.\n• What I keep about you, and how to take it along or erase it: /privacy. Help with payments: /paysupport.',
  'button.ask-seller': 'Ask a person',
  'button.refund-again': 'Try the refund again',
  'button.paysupport': 'Payment help',
  'button.terms': 'Terms',
  'command.paysupport': 'Help with payments and refunds',
  'command.terms': 'Terms of buying here',
  'inline.open': 'Look at the course',
  'inline.nothing': 'Nothing found: ask me in our chat',
};
