/** What managers see and what stands in a community, in English. */
export const community: Record<string, string> = {
  'group.private': 'Others read here, so let us go on in private.',
  'group.welcome':
    'Hello! Here I can recommend, search and show courses for everybody: try /recommend or /search. What is about you stays between us, in the private chat.',
  'button.for-you': 'For you, in private',
  'button.private': 'Go on in private',
  'recommend.more-group': 'These are popular with everybody. What fits you, I tell you in private.',
  'unrecorded.press': 'Here I keep nothing of what you write, only what you press. Is it right about “{{ title }}”?',
  'help.command': '/{{ name }} — {{ what }}',
  'help.commands':
    'What you can do here:{% for line in commands %}\n{{ line }}{% endfor %}{% if manager.size > 0 %}\n\nFor managers:{% for line in manager %}\n{{ line }}{% endfor %}{% endif %}\n\nOr just write what you want, in English or Chinese.',
  'help.group':
    'What everybody can do here:{% for line in commands %}\n{{ line }}{% endfor %}{% if manager.size > 0 %}\n\nFor managers:{% for line in manager %}\n{{ line }}{% endfor %}{% endif %}\n\nEverything about yourself, your coupons and your courses: in the private chat.',
  'manager.only': 'Only those who manage this community can do that.',
  'manager.untrusted':
    'This community is not trusted yet. Whoever runs Coursebell can trust it with this command:\ncoursebell community trust {{ id }}',
  'manager.where': 'Use this command in the community that you manage first; for a day after that it works here too.',
  'ask.prompt':
    'What would you like to ask a person? Write it in one message. I hand it over only when you press the button; it is kept for {{ days }} days at most, and only the managers can read it.',
  'ask.confirm': 'Shall I hand this to a person?\n\n{{ words }}',
  'ask.offer':
    'That does not sound good. Would you like a person to read what you just wrote? I hand it over only when you press the button.',
  'ask.sent':
    'A person has it now, as number {{ number }}. The answer comes here, or where you write to me next. Your words are kept until they are answered, {{ days }} days at most.',
  'ask.full': '{{ count }} of your questions wait for an answer already. Please wait for one first.',
  'ask.answer': 'The answer to your question number {{ number }}:\n\n{{ words }}',
  'button.ask-send': 'Hand it to a person',
  'button.ask-more': 'Ask again',
  'questions.notice': 'A learner has a question (number {{ number }}). Managers read it with /questions.',
};
