/** Progress, reminders, streaks, challenges, invitations, the placement test, in Chinese. */
export const companion: Record<string, string> = {
  // ── progress and lessons
  lesson: '第 {{ number }} 节（共 {{ count }} 节）{% if title %}：{{ title }}{% endif %}',
  'learning.standing':
    '{% if percent > 0 %}已学 {{ percent }}%。{% else %}已拥有，还没开始学。{% endif %}{% if lesson %}\n下一节：{{ lesson }}{% endif %}',
  'lesson.done':
    '《{{ title }}》{{ lesson }}，学完了！{% if next %}\n下一节：{{ next }}{% endif %}{% if streak %}\n\n{{ streak }}{% endif %}',
  'lesson.already': '《{{ title }}》的这一节已经学完了。{% if next %}\n下一节：{{ next }}{% endif %}',
  'button.lesson': '学完第 {{ number }} 节',
  // ── streaks
  streak:
    '{% if current > 0 %}已连续学习 {{ current }} 天{% if longest > current %}（最长 {{ longest }} 天）{% endif %}。{% elsif longest > 0 %}现在没有连续记录（最长 {{ longest }} 天）。{% else %}还没有连续记录，就从今天开始吧。{% endif %}{% if bridged and current > 0 %}昨天没学，用掉了本月的补签机会，连续没有中断。{% endif %}{% if current > 0 %}{% if today %}今天已完成。{% else %}今天还没学。{% endif %}{% if freezes > 0 %}每月有一天可以漏掉，本月还没用。{% else %}本月可以漏掉的一天已经用了。{% endif %}{% endif %}',
  'checkin.done':
    '今日打卡成功！\n{{ streak }}{% for line in challenges %}\n{{ line }}{% endfor %}{% if course %}\n\n接着学《{{ course }}》{% if lesson %}：{{ lesson }}{% endif %}。{% endif %}',
  'checkin.again':
    '今天已经打过卡了。\n{{ streak }}{% for line in challenges %}\n{{ line }}{% endfor %}{% if course %}\n\n接着学《{{ course }}》{% if lesson %}：{{ lesson }}{% endif %}。{% endif %}',
  'checkin.challenge': '{{ name }}：已打卡 {{ days }}/{{ needed }} 天',
  'checkin.done-group': '今日打卡成功！',
  'checkin.again-group': '你今天已经打过卡了。',
  'checkin.press': '在这里我不记录你写的话，只记录你按的按钮。按一下，今天就算打卡：',
  'button.checkin': '打卡',
  'evidence.checkin': '你学《{{ title }}》打了卡',
  'evidence.assess': '你做过这个主题的水平测试（答对 {{ percent }}%）',
  // ── reminders
  'remind.ask':
    '{% if hour %}现在每天 {{ hour }} 提醒你。{% endif %}想让我每天几点提醒你学习？按一个，或用“/remind 6”这样的命令（{{ zone }}）。每天只提醒一次；没有要学的课，或当天已经学过，就不打扰。',
  'remind.set':
    '好的，每天 {{ hour }} 在这里提醒你学习（{{ zone }}）。没有要学的课和连续记录，或当天已经学过，就不提醒；即使在免打扰时段，也按这个时间提醒。',
  'remind.off': '学习提醒已关闭。{% if messages %}课程推荐和优惠券仍会发给你，也可以一并关掉。{% endif %}',
  reminder:
    '{% if streak > 0 %}已连续学习 {{ streak }} 天，今天还没学{% if freezes == 0 %}（本月可以漏掉的一天已经用了）{% endif %}。{% else %}到学习时间了。{% endif %}{% if course %}\n接着学《{{ course }}》{% if lesson %}：{{ lesson }}{% elsif percent > 0 %}：已学 {{ percent }}%{% endif %}。{% endif %}',
  'button.remind': '提醒设置',
  'button.remind-me': '每天提醒我',
  'button.remind-change': '换个时间',
  'button.remind-off': '不再提醒',
  // ── placement test
  'quiz.none': '这里还没有水平测试题。',
  'quiz.which': '想测哪个主题？几道题就能看出你的水平。',
  'quiz.no-topic': '我没有“{{ words }}”的题目。可以测这些：',
  'quiz.begin': '“{{ topic }}”水平小测：最多 {{ most }} 题。这不是考试，只是看看哪些课适合你。',
  'quiz.press': '在这里我不记录你写的话，只记录你按的按钮。开始“{{ topic }}”的测试吗？',
  'quiz.question': '第 {{ number }} 题\n{{ question }}',
  'quiz.right': '答对了！',
  'quiz.wrong': '不对哦，答案是：{{ answer }}',
  'quiz.over': '这道题已经过去了。要重新测一次吗？',
  'quiz.result':
    '{{ topic }}：{{ count }} 题答对 {{ right }} 题，你的水平大致是：{{ level }}{% if before %}（之前是：{{ before }}）{% endif %}。之后各个主题我都按这个水平推荐，并把“{{ topic }}”加入你感兴趣的主题；两者都可以在“我的兴趣”里修改。',
  'quiz.level': '好的，你的水平是：{{ level }}。',
  'quiz.stopped': '测试结束了，这次的答案不会保留。',
  'button.quiz': '水平小测',
  'button.quiz-start': '开始测试',
  'button.quiz-unknown': '不知道',
  'button.quiz-end': '结束测试',
  'button.quiz-courses': '看“{{ topic }}”课程',
  'button.quiz-back': '改回“{{ level }}”',
  'button.quiz-other': '测别的主题',
  // ── challenges
  'challenge.usage':
    '这样发起打卡挑战：\n/challenge start 名称 第一天 最后一天 days=N percent=P\n例如：/challenge start 春季打卡 2027-03-01 2027-03-14 days=10 percent=15\n日期写作“年-月-日”。days 是打卡几天可得优惠券（不写就是每天），percent 是优惠百分比（默认 10）。也可以发一个 JSON 文件：{"name", "first_day", "last_day", "days", "percent", "coupon_days", "time_zone"}。',
  'challenge.problem.unreadable': '我没看懂这个挑战。',
  'challenge.problem.name': '名称需要 1 到 60 个字符。',
  'challenge.problem.days': '其中一个日期在日历上不存在。',
  'challenge.problem.zone': '不认识这个时区，请写 IANA 名称，比如 Asia/Shanghai。',
  'challenge.problem.order': '最后一天早于第一天。',
  'challenge.problem.past': '第一天已经过去了。',
  'challenge.problem.long': '挑战最长 366 天。',
  'challenge.problem.needed': 'days 要在 1 和挑战的天数之间。',
  'challenge.problem.percent': 'percent 要在 1 到 100 之间。',
  'challenge.problem.coupon-days': 'coupon_days 要在 1 到 366 之间。',
  'challenge.propose':
    '将在 {{ community }} 发起这个挑战：\n{{ name }}\n{{ firstDay }} 至 {{ lastDay }}（{{ zone }}）\n打卡 {{ needed }} 天可得 {% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}优惠券，{{ couponDays }} 天内有效。\n\n按“开始”后就会发到社群里。',
  'challenge.started': '“{{ name }}”已开始，公告正在发往 {{ community }}。用 /challenge 查看进展。',
  'challenge.exists': '已经有一个叫“{{ name }}”的挑战在进行，请换个名称。',
  'challenge.opened':
    '打卡挑战：{{ name }}\n{{ firstDay }} 至 {{ lastDay }}（{{ zone }}）\n每天学一点，在这里或私聊里打卡。打卡满 {{ needed }} 天，结束时我会把 {% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}优惠券私信给你。\n排行榜上只显示愿意公开名字的人。',
  'challenge.none': '现在没有进行中的挑战。',
  'challenge.none-yet': '现在没有进行中的挑战。管理员可以用“/challenge start”发起一个。',
  'challenge.mine-none': '你现在没有参加挑战。挑战在社群里发起，按一下就能参加。',
  'challenge.over': '“{{ name }}”已经结束了。',
  'challenge.ask-stop': '要停止哪一个？停止后没有人会得到优惠券，也不能恢复。',
  'challenge.stopped': '“{{ name }}”已停止。',
  'challenge.line': '{{ rank }}. {{ name }}：{{ days }} 天',
  'challenge.standing':
    '{{ name }}\n{{ firstDay }} 至 {{ lastDay }} · 打卡 {{ needed }} 天可得 {% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}优惠券\n{{ members }} 人参加，{{ reached }} 人已达标。{% if members > 0 and board.size == 0 %}\n还没有人在排行榜上公开名字。{% endif %}{% if board.size > 0 %}\n{% for line in board %}\n{{ line }}{% endfor %}{% endif %}{% if hidden > 0 and board.size > 0 %}\n还有 {{ hidden }} 人{% endif %}',
  'challenge.counting':
    '{{ name }}（{{ firstDay }} 至 {{ lastDay }}）已结束，正在统计结果：打卡 {{ needed }} 天可得 {% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}优惠券，{{ members }} 人中有 {{ reached }} 人达标。{% if board.size > 0 %}\n{% for line in board %}\n{{ line }}{% endfor %}{% endif %}{% if hidden > 0 and board.size > 0 %}\n还有 {{ hidden }} 人{% endif %}',
  'challenge.closed':
    '{{ name }}（{{ firstDay }} 至 {{ lastDay }}）结束了。{{ members }} 人中有 {{ reached }} 人打卡满 {{ needed }} 天，{% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}优惠券由我私信发送。大家辛苦了！{% if board.size > 0 %}\n{% for line in board %}\n{{ line }}{% endfor %}{% endif %}{% if hidden > 0 and board.size > 0 %}\n还有 {{ hidden }} 人{% endif %}',
  'challenge.joined':
    '参加成功：{{ name }}，{{ firstDay }} 至 {{ lastDay }}。打卡 {{ needed }} 天可得 {% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}优惠券，你已打卡 {{ days }} 天。结束时我会私信发给你优惠券。\n{% if shown %}你在排行榜上显示为“{{ shown }}”。{% else %}排行榜上没有你的名字，要不要显示由你决定。{% endif %}',
  'challenge.joined-group': '参加成功：{{ name }}。排行榜只显示愿意公开的名字。',
  'challenge.mine':
    '{{ name }}，{{ firstDay }} 至 {{ lastDay }}：已打卡 {{ days }}/{{ needed }} 天，达标可得 {% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}优惠券。\n{% if shown %}你在排行榜上显示为“{{ shown }}”。{% else %}排行榜上没有你的名字。{% endif %}',
  'challenge.left': '你已退出挑战。你的打卡记录仍归你自己。',
  'challenge.reward':
    '恭喜你完成“{{ name }}”，打卡 {{ days }} 天！你的优惠券：{{ code }}，购买一门课{% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}，{{ couponDays }} 天内有效。下单时会自动使用最优惠的券。',
  'board.on': '你在排行榜上显示为“{{ name }}”。',
  'board.off': '排行榜上不再显示你的名字。',
  'board.no-name': '只有在社群里我才知道你的名字，请在那里按。',
  'button.challenge-start': '开始',
  'button.challenge-stop': '停止“{{ name }}”',
  'button.challenge-join': '参加',
  'button.challenge-status': '排行榜',
  'button.challenge-leave': '退出',
  'button.board': '显示我的名字',
  'button.unboard': '隐藏我的名字',
  // ── invitations
  invite:
    '新朋友通过你的链接来，立得一张 {% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}优惠券；他们首次购课满一天未退，你也得一张 {% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}优惠券。两张券都是 {{ days }} 天内有效。{% for line in links %}\n\n{{ line }}{% endfor %}{% if came > 0 %}\n\n通过你的链接来了 {{ came }} 人，已购课 {{ credited }} 人。{% endif %}',
  'invite.link': '{{ channel }}：{{ url }}',
  'invite.no-links':
    '还没有可以邀请别人的地址，请问问运营者。{% if came > 0 %}目前通过你的链接来了 {{ came }} 人，已购课 {{ credited }} 人。{% endif %}',
  'invite.off': '现在没有邀请活动。',
  'channel.web': '网页',
  'channel.telegram': 'Telegram',
  'channel.discord': 'Discord',
  'referral.welcome':
    '欢迎！朋友邀请你来，送你一张 {% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}优惠券，{{ days }} 天内有效：{{ code }}。下单时会自动使用最优惠的券。',
  'referral.off': '欢迎！现在没有邀请活动，其他功能都能用。',
  'referral.unknown': '欢迎！这个邀请已经找不到了，其他功能都能用。',
  'referral.self': '这是你自己的邀请链接，发给朋友吧，你们俩都能得到优惠券。',
  'referral.known': '欢迎回来！邀请优惠只给第一次来的朋友。',
  'referral.credit':
    '你邀请的朋友买了第一门课，谢谢你！你的优惠券：{{ code }}，购买一门课{% if percent < 100 %}{{ 100 | minus: percent | divided_by: 10 }} 折{% else %}免费{% endif %}，{{ days }} 天内有效。',
  'button.invite': '邀请好友',
  // ── conversation: what is foretold, in the profile
  'profile.return':
    '本周再来的可能性：{{ percent }}%{% if because.size > 0 %}，因为{{ because | join: "，而且" }}{% endif %}。',
  'forecast.here': '你现在就在这里',
  'forecast.idle': '你上次来是 {{ days }} 天前',
  'forecast.days': '最近 30 天你来过 {{ count }} 天',
  'forecast.age': '{% if days == 0 %}你刚刚开始学习{% else %}你 {{ days }} 天前开始学习{% endif %}',
  'forecast.open': '你有 {{ count }} 门课还没学完',
  'forecast.bought': '你买过 {{ count }} 门课',
  'forecast.finished': '你学完了 {{ count }} 门课',
  'forecast.looked': '最近 30 天你看过 {{ count }} 次课程',
  'forecast.searched': '最近 30 天你搜索过 {{ count }} 次',
  'forecast.saved': '你收藏了 {{ count }} 门课',
  'forecast.rated': '最近 30 天你评过 {{ count }} 次分',
  'forecast.checkins': '最近 30 天你打卡 {{ count }} 次',
  'forecast.answered': '最近 30 天你回应过我 {{ count }} 条消息',
  'forecast.silences': '最近 30 天我有 {{ count }} 条消息你没有回应',
  'forecast.invited': '是朋友邀请你来的',
};
