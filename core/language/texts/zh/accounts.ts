/** Linking accounts, arriving by a link, asking a person, in Chinese. */
export const accounts: Record<string, string> = {
  'link.code':
    '你的关联码：{{ code }}\n请在另一个聊天里给我发送“/link {{ code }}”{% if ways > 0 %}，或按下面的按钮直接打开{% endif %}。{{ minutes }} 分钟内有效，只能用一次。谁发送它，谁就和你共用一个账号，请不要告诉别人。',
  'link.ask':
    '这个关联码来自{% if places.size > 0 %}你在以下地方使用的账号：{% for place in places %}{{ place }}{% unless forloop.last %}、{% endunless %}{% endfor %}{% else %}课程商城里的账号{% endif %}。\n继续之后，那个账号和这个聊天将永久合为一个：两边的学习记录、课程、优惠券和设置都会合在一起；用其中一个就能看到另一个的内容，清除一个就等于全部清除。只有关联码是你自己生成的，或者链接来自你自己的商城账号，才请继续。',
  'link.done': '好了，这里和那边现在是同一个账号，学习记录、课程、优惠券和设置都已合在一起。',
  'link.unknown': '没有这个关联码。请再核对一下，或在另一个聊天里发送 /link 重新获取。',
  'link.expired': '这个关联码已经过期。请在另一个聊天里发送 /link 重新获取。',
  'link.used': '这个关联码已经用过了，每个只能用一次。请在另一个聊天里发送 /link 重新获取。',
  'link.own': '这个聊天和那个账号本来就是同一个，不用再关联。',
  'link.simulated': '那是示例数据里的账号，不能和你的账号关联。',
  'link.gone': '那个账号已经不存在了，无法关联。',
  'link.too-many': '输错的次数太多了，请一小时后再试。',
  'button.link': '获取关联码',
  'button.link-confirm': '确认合为一个账号',
  'button.open-channel': '打开 {{ channel }}',
  'state.elsewhere': '已在别的聊天开启，这里未开启',
  'state.closed': '已开启，但我没法给你发消息：你没有对我开放私信',
  'button.messages-again': '我已开放私信',
  'button.messages-here': '这里也接收消息',
  'export.file': '这是我保存的关于你的全部内容。',
  'button.export-file': '把文件发给我',
};
