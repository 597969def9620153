/** Linking accounts, arriving by a link, asking a person, in English. */
export const accounts: Record<string, string> = {
  'link.code':
    'Your code for another chat: {{ code }}\nSend “/link {{ code }}” to me there{% if ways > 0 %}, or open it with a button below{% endif %}. It holds for {{ minutes }} minutes and works once. Whoever sends it shares your account: give it to nobody else.',
  'link.ask':
    'This code comes from an account {% if places.size > 0 %}that you use here: {% for place in places %}{{ place }}{% unless forloop.last %}, {% endunless %}{% endfor %}{% else %}with the course shop{% endif %}.\nIf you go on, that account and this chat become one, for good: history, courses, coupons and settings of both. Who uses the one sees what the other did; erasing one erases all. Go on only if you made that code yourself, or followed a link of your own shop account.',
  'link.done': 'Done: you are one learner now, here and there. Your history, courses, coupons and settings come along.',
  'link.unknown': "I don't know that code. Please look at it again, or ask for a new one in the other chat with /link.",
  'link.expired': 'That code is too old. Ask for a new one in the other chat with /link.',
  'link.used': 'That code was used already; each works once. Ask for a new one in the other chat with /link.',
  'link.own': 'This chat and that account are one already: there is nothing to join.',
  'link.simulated': 'That account belongs to the sample and can not be joined with yours.',
  'link.gone': 'That account does not exist any more: there is nothing to join.',
  'link.too-many': 'Too many wrong codes. Please try again in an hour.',
  'button.link': 'Code for another chat',
  'button.link-confirm': 'Yes, make them one',
  'button.open-channel': 'Open {{ channel }}',
  'state.elsewhere': 'on in another chat, off here',
  'state.closed': 'on, but I can not write to you: direct messages are closed to me',
  'button.messages-again': 'Direct messages are open now',
  'button.messages-here': 'Messages here too',
  'export.file': 'Here is everything that I keep about you.',
  'button.export-file': 'Send me the file',
};
