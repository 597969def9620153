/** Progress, reminders, streaks, challenges, invitations, the placement test, in English. */
export const companion: Record<string, string> = {
  // ── progress and lessons
  lesson: 'lesson {{ number }} of {{ count }}{% if title %}: {{ title }}{% endif %}',
  'learning.standing':
    "{% if percent > 0 %}You have done {{ percent }}%.{% else %}It's yours; you have not begun yet.{% endif %}{% if lesson %}\nNext: {{ lesson }}{% endif %}",
  'lesson.done':
    'Done: {{ lesson }} of “{{ title }}”.{% if next %}\nNext: {{ next }}{% endif %}{% if streak %}\n\n{{ streak }}{% endif %}',
  'lesson.already': 'That lesson of “{{ title }}” is done already.{% if next %}\nNext: {{ next }}{% endif %}',
  'button.lesson': 'Lesson {{ number }} done',
  // ── streaks
  streak:
    "{% if current > 0 %}{% if current == 1 %}One day{% else %}{{ current }} days{% endif %} in a row{% if longest > current %} (your best: {{ longest }}){% endif %}.{% elsif longest > 0 %}No streak right now (your best: {{ longest }} {% if longest == 1 %}day{% else %}days{% endif %}).{% else %}No streak yet: it begins with today.{% endif %}{% if bridged and current > 0 %} Yesterday was missed, and this month's freeze bridged it.{% endif %}{% if current > 0 %}{% if today %} Today counts.{% else %} Today is still open.{% endif %}{% if freezes > 0 %} One missed day a month is forgiven.{% else %} This month's forgiven day is used up.{% endif %}{% endif %}",
  'checkin.done':
    'Checked in for today.\n{{ streak }}{% for line in challenges %}\n{{ line }}{% endfor %}{% if course %}\n\nGo on with “{{ course }}”{% if lesson %}: {{ lesson }}{% endif %}.{% endif %}',
  'checkin.again':
    'You have checked in today already.\n{{ streak }}{% for line in challenges %}\n{{ line }}{% endfor %}{% if course %}\n\nGo on with “{{ course }}”{% if lesson %}: {{ lesson }}{% endif %}.{% endif %}',
  'checkin.challenge': '{{ name }}: {{ days }} of {{ needed }} days',
  'checkin.done-group': 'Checked in: today counts.',
  'checkin.again-group': 'You have checked in today already.',
  'checkin.press': 'Here I keep nothing of what you write, only what you press. One press, and today counts:',
  'button.checkin': 'Check in',
  'evidence.checkin': 'you checked in with “{{ title }}”',
  'evidence.assess': 'you took the placement test in it ({{ percent }}% right)',
  // ── reminders
  'remind.ask':
    '{% if hour %}Your reminder comes at {{ hour }}. {% endif %}At which hour shall I remind you of your lesson? Press one, or use a command such as “/remind 6” ({{ zone }}). It comes once a day, and only while you have something to go on with and have not learned that day.',
  'remind.set':
    'I remind you at {{ hour }} every day ({{ zone }}), here, as long as you have a course to go on with or a streak to keep and have not learned that day. It comes at this hour in your quiet time too.',
  'remind.off':
    'No more reminders.{% if messages %} Course ideas and coupons still come; you can stop those too.{% endif %}',
  reminder:
    "{% if streak > 0 %}{% if streak == 1 %}One day{% else %}{{ streak }} days{% endif %} in a row so far, and today is still open{% if freezes == 0 %} (this month's forgiven day is used up){% endif %}.{% else %}Time to learn.{% endif %}{% if course %}\nGo on with “{{ course }}”{% if lesson %}: {{ lesson }}{% elsif percent > 0 %}: you have done {{ percent }}%{% endif %}.{% endif %}",
  'button.remind': 'Reminder',
  'button.remind-me': 'Remind me daily',
  'button.remind-change': 'Another hour',
  'button.remind-off': 'No reminder',
  // ── placement test
  'quiz.none': 'There is no placement test here yet.',
  'quiz.which': 'What shall I test you in? A few questions tell me your level.',
  'quiz.no-topic': 'I have no questions about “{{ words }}”. I can test you in these:',
  'quiz.begin':
    'A short test in {{ topic }}: {{ most }} questions at most. It is no exam: it only tells me which courses fit.',
  'quiz.press': 'Here I keep nothing of what you write, only what you press. Shall we begin the test in {{ topic }}?',
  'quiz.question': 'Question {{ number }}\n{{ question }}',
  'quiz.right': 'Right!',
  'quiz.wrong': 'Not quite. The answer: {{ answer }}',
  'quiz.over': 'That question is over. Shall we begin a new test?',
  'quiz.result':
    '{{ topic }}: {{ right }} of {{ count }} right. I take your level to be: {{ level }}{% if before %} (until now: {{ before }}){% endif %}. From now on I recommend accordingly, in every topic, and count {{ topic }} among your topics; you can change both under “My interests”.',
  'quiz.level': 'Your level is: {{ level }}.',
  'quiz.stopped': 'The test is over, and nothing of it is kept.',
  'button.quiz': 'Placement test',
  'button.quiz-start': 'Begin the test',
  'button.quiz-unknown': "I don't know",
  'button.quiz-end': 'End the test',
  'button.quiz-courses': 'Courses in {{ topic }}',
  'button.quiz-back': 'Back to: {{ level }}',
  'button.quiz-other': 'Another topic',
  // ── challenges
  'challenge.usage':
    'A challenge is started like this:\n/challenge start NAME FIRST LAST days=N percent=P\nFor example: /challenge start Spring 2027-03-01 2027-03-14 days=10 percent=15\nDays are written YEAR-MONTH-DAY. days is how many days with a check-in earn the coupon (all, if left out), percent what it takes off (10). A JSON file does as well: {"name", "first_day", "last_day", "days", "percent", "coupon_days", "time_zone"}.',
  'challenge.problem.unreadable': 'I could not read that challenge.',
  'challenge.problem.name': 'The name must have 1 to 60 characters.',
  'challenge.problem.days': 'One of these days is not in the calendar.',
  'challenge.problem.zone': 'That time zone is not known: write an IANA name such as Asia/Shanghai.',
  'challenge.problem.order': 'The last day lies before the first.',
  'challenge.problem.past': 'The first day is past.',
  'challenge.problem.long': 'A challenge lasts 366 days at most.',
  'challenge.problem.needed': 'days must be from 1 to the number of days of the challenge.',
  'challenge.problem.percent': 'percent must be from 1 to 100.',
  'challenge.problem.coupon-days': 'coupon_days must be from 1 to 366.',
  'challenge.propose':
    'This challenge would start in {{ community }}:\n{{ name }}\n{{ firstDay }} to {{ lastDay }} ({{ zone }})\n{{ needed }} {% if needed == 1 %}day{% else %}days{% endif %} with a check-in earn a coupon of {{ percent }}%, good for {{ couponDays }} days.\n\nIt is posted to the community when you press “Start it”.',
  'challenge.started':
    '“{{ name }}” has started: its post to {{ community }} is on the way. /challenge shows how it goes.',
  'challenge.exists': 'A challenge called “{{ name }}” is going on already. Choose another name.',
  'challenge.opened':
    'Check-in challenge: {{ name }}\n{{ firstDay }} to {{ lastDay }} ({{ zone }})\nLearn something each day and check in, here or in private. Everyone who checks in on {{ needed }} {% if needed == 1 %}day{% else %}days{% endif %} gets a {{ percent }}% coupon in a message from me at the end.\nThe leaderboard shows only those who want to be on it.',
  'challenge.none': 'No challenge is going on.',
  'challenge.none-yet': 'No challenge is going on. Managers start one with “/challenge start”.',
  'challenge.mine-none':
    'You are in no challenge right now. Challenges are started in communities; you join one there with a press.',
  'challenge.over': '“{{ name }}” is over.',
  'challenge.ask-stop': 'Which one shall I stop? Nobody gets a coupon then, and it cannot be undone.',
  'challenge.stopped': '“{{ name }}” is stopped.',
  'challenge.line': '{{ rank }}. {{ name }}: {{ days }}',
  'challenge.standing':
    '{{ name }}\n{{ firstDay }} to {{ lastDay }} · {{ needed }} {% if needed == 1 %}day{% else %}days{% endif %} for {{ percent }}% off\n{% if members == 1 %}One takes part{% else %}{{ members }} take part{% endif %}; {{ reached }} have reached it.{% if members > 0 and board.size == 0 %}\nNobody shows their name on the leaderboard yet.{% endif %}{% if board.size > 0 %}\n{% for line in board %}\n{{ line }}{% endfor %}{% endif %}{% if hidden > 0 and board.size > 0 %}\nand {{ hidden }} more{% endif %}',
  'challenge.counting':
    '{{ name }} ({{ firstDay }} to {{ lastDay }}) is over, and the results are being counted: {{ needed }} {% if needed == 1 %}day{% else %}days{% endif %} for {{ percent }}% off, reached by {{ reached }} of {{ members }}.{% if board.size > 0 %}\n{% for line in board %}\n{{ line }}{% endfor %}{% endif %}{% if hidden > 0 and board.size > 0 %}\nand {{ hidden }} more{% endif %}',
  'challenge.closed':
    '{{ name }} ({{ firstDay }} to {{ lastDay }}) is over. {{ reached }} of {{ members }} checked in on {{ needed }} {% if needed == 1 %}day{% else %}days{% endif %} or more, and get their {{ percent }}% coupon from me in private. Well done!{% if board.size > 0 %}\n{% for line in board %}\n{{ line }}{% endfor %}{% endif %}{% if hidden > 0 and board.size > 0 %}\nand {{ hidden }} more{% endif %}',
  'challenge.joined':
    'You are in: {{ name }}, {{ firstDay }} to {{ lastDay }}. {{ needed }} {% if needed == 1 %}day{% else %}days{% endif %} with a check-in earn {{ percent }}% off; you have {{ days }}. The coupon comes in a message from me at the end.\n{% if shown %}On the leaderboard you are “{{ shown }}”.{% else %}Your name is not on the leaderboard; that is up to you.{% endif %}',
  'challenge.joined-group': 'You are in: {{ name }}. The leaderboard shows only the names of those who choose to.',
  'challenge.mine':
    '{{ name }}, {{ firstDay }} to {{ lastDay }}: {{ days }} of {{ needed }} {% if needed == 1 %}day{% else %}days{% endif %} for {{ percent }}% off.\n{% if shown %}On the leaderboard you are “{{ shown }}”.{% else %}Your name is not on the leaderboard.{% endif %}',
  'challenge.left': 'You are out of the challenge. Your check-ins stay your own.',
  'challenge.reward':
    'You did it: {{ days }} {% if days == 1 %}day{% else %}days{% endif %} of “{{ name }}”. Your coupon: {{ code }}, {{ percent }}% off one course, good for {{ couponDays }} days. The best coupon is taken off by itself when you buy.',
  'board.on': 'You are on the leaderboard as “{{ name }}”.',
  'board.off': 'Your name is off the leaderboard.',
  'board.no-name': 'I only know your name inside a community: press the button there.',
  'button.challenge-start': 'Start it',
  'button.challenge-stop': 'Stop “{{ name }}”',
  'button.challenge-join': 'Join',
  'button.challenge-status': 'Leaderboard',
  'button.challenge-leave': 'Leave',
  'button.board': 'Show my name',
  'button.unboard': 'Hide my name',
  // ── invitations
  invite:
    'Anyone new who comes by your link gets {{ percent }}% off one course at once. When they first buy a course and keep it for a day, you get {{ percent }}% off as well. Both coupons are good for {{ days }} days.{% for line in links %}\n\n{{ line }}{% endfor %}{% if came > 0 %}\n\nCame by your links: {{ came }}; have bought: {{ credited }}.{% endif %}',
  'invite.link': '{{ channel }}: {{ url }}',
  'invite.no-links':
    'There is no address yet to which I could invite anybody: ask the people who run this bot.{% if came > 0 %} Came by your links so far: {{ came }}; have bought: {{ credited }}.{% endif %}',
  'invite.off': 'There are no invitations at the moment.',
  'channel.web': 'On the web',
  'channel.telegram': 'Telegram',
  'channel.discord': 'Discord',
  'referral.welcome':
    'Welcome! A friend has invited you: {{ percent }}% off one course is yours, good for {{ days }} days. Your coupon: {{ code }}. The best coupon is taken off by itself when you buy.',
  'referral.off': 'Welcome! There are no invitations at the moment, but everything else is here.',
  'referral.unknown': 'Welcome! I do not know that invitation any more, but everything else is here.',
  'referral.self': 'That is your own invitation: send it to a friend. Both of you get a coupon.',
  'referral.known': 'Welcome back! Invitations are for people who are new here.',
  'referral.credit':
    'Somebody you invited has bought their first course. Thank you! Your coupon: {{ code }}, {{ percent }}% off one course, good for {{ days }} days.',
  'button.invite': 'Invite a friend',
  // ── conversation: what is foretold, in the profile
  'profile.return':
    "Likely to come back this week: {{ percent }}%{% if because.size > 0 %}, because {{ because | join: ', and ' }}{% endif %}.",
  'forecast.here': 'you are here now',
  'forecast.idle': 'you were here {% if days == 1 %}a day{% else %}{{ days }} days{% endif %} ago',
  'forecast.days': 'you were here on {% if count == 1 %}one day{% else %}{{ count }} days{% endif %} of the last 30',
  'forecast.age':
    '{% if days == 0 %}you have only just begun{% elsif days == 1 %}you began a day ago{% else %}you began {{ days }} days ago{% endif %}',
  'forecast.open': 'you have {% if count == 1 %}a course{% else %}{{ count }} courses{% endif %} to finish',
  'forecast.bought': 'you have bought {% if count == 1 %}a course{% else %}{{ count }} courses{% endif %}',
  'forecast.finished': 'you have finished {% if count == 1 %}a course{% else %}{{ count }} courses{% endif %}',
  'forecast.looked':
    'you looked at courses {% if count == 1 %}once{% else %}{{ count }} times{% endif %} in the last 30 days',
  'forecast.searched': 'you searched {% if count == 1 %}once{% else %}{{ count }} times{% endif %} in the last 30 days',
  'forecast.saved': 'you have saved {% if count == 1 %}a course{% else %}{{ count }} courses{% endif %}',
  'forecast.rated':
    'you rated courses {% if count == 1 %}once{% else %}{{ count }} times{% endif %} in the last 30 days',
  'forecast.checkins':
    'you checked in {% if count == 1 %}once{% else %}{{ count }} times{% endif %} in the last 30 days',
  'forecast.answered':
    'you answered my messages {% if count == 1 %}once{% else %}{{ count }} times{% endif %} in the last 30 days',
  'forecast.silences':
    '{% if count == 1 %}one message of mine{% else %}{{ count }} messages of mine{% endif %} stayed without an answer in the last 30 days',
  'forecast.invited': 'somebody invited you',
};
