/** What managers see and what stands in a community, in Chinese. */
export const community: Record<string, string> = {
  'group.private': '这里大家都能看到，我们到私聊里继续吧。',
  'group.welcome':
    '你好！在这里我可以给大家推荐、搜索和介绍课程，试试 /recommend 或 /search。和你个人有关的内容，我们在私聊里说。',
  'button.for-you': '私聊看适合我的',
  'button.private': '去私聊',
  'recommend.more-group': '这些是大家都喜欢的课。适合你的，我在私聊里告诉你。',
  'unrecorded.press': '在这里我不记录你写的话，只记录你按的按钮。关于《{{ title }}》，是这个意思吗？',
  'help.command': '/{{ name }} — {{ what }}',
  'help.commands':
    '在这里你可以：{% for line in commands %}\n{{ line }}{% endfor %}{% if manager.size > 0 %}\n\n管理员：{% for line in manager %}\n{{ line }}{% endfor %}{% endif %}\n\n也可以直接用中文或英文告诉我你想要什么。',
  'help.group':
    '大家在这里可以：{% for line in commands %}\n{{ line }}{% endfor %}{% if manager.size > 0 %}\n\n管理员：{% for line in manager %}\n{{ line }}{% endfor %}{% endif %}\n\n和你个人、你的优惠券、你的课程有关的，请到私聊。',
  'manager.only': '只有这个社群的管理员可以这样做。',
  'manager.untrusted':
    '这个社群还没有获得信任。请 Coursebell 的运营者执行这条命令：\ncoursebell community trust {{ id }}',
  'manager.where': '请先在你管理的社群里用一次这个命令，之后一天内在这里也能用。',
  'ask.prompt':
    '想问人工什么？请用一条消息写下来。你按下按钮后我才会转交；内容最多保留 {{ days }} 天，只有管理员能看到。',
  'ask.confirm': '把下面的话转交给人工吗？\n\n{{ words }}',
  'ask.offer': '听起来不太顺利。要让人工看看你刚才写的话吗？你按下按钮后我才会转交。',
  'ask.sent':
    '已经转交给人工，编号 {{ number }}。回复会发到这里，或你之后和我说话的地方。你的话保留到答复为止，最多 {{ days }} 天。',
  'ask.full': '你已经有 {{ count }} 个问题在等答复了，请先等一等。',
  'ask.answer': '对你第 {{ number }} 号问题的答复：\n\n{{ words }}',
  'button.ask-send': '转交人工',
  'button.ask-more': '再问一句',
  'questions.notice': '有一位学员提了问题（编号 {{ number }}）。管理员可以用 /questions 查看。',
};
