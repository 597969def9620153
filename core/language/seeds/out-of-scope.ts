/** What people also write, and Coursebell can not do: no intent is right. Apart by `|`. */
export const outOfScope = `what's the weather like | tell me a joke | who won the game last night | what time is it | order me a pizza | book a flight to paris | how old are you | sing a song | what's the capital of france
  | play some music | call my mom | i'm hungry | my dog is sick | what's 12 times 8 | translate this sentence for me | where is the nearest gas station | the video does not play | your site is down | i forgot my password
  | i can't log in | do you like cats | are you married | write my homework | what's the meaning of life | turn on the lights | how tall is mount everest | who is the president | how do i cook rice tonight | i lost my phone
  | it's raining | asdfgh | blah blah | 12345 | lol | haha | hmm | whatever | you are stupid | i'm in love | what's your favorite color | bitcoin price | did you watch the movie | i feel sad today | my boss is annoying | happy birthday
  | can you drive | where do you live | set a timer for 5 minutes | what's on tv tonight | find me a restaurant | how do i get to the airport | the exam was hard | i have a meeting tomorrow | what is love | who made you | write a poem
  | is it going to snow | recommend a restaurant | show me a good hotel | buy milk | rate my outfit | search my emails | cancel my flight | my order from the restaurant is late | save the whales | stop the car | delete my tweet
  | how many people live in china | what does the fox say | i live in london | the train is late | she is my sister | we went to the park | the sound is too low | there is no subtitle | page not loading | ok google | alexa
  | 今天天气怎么样 | 讲个笑话 | 现在几点 | 帮我订外卖 | 你多大了 | 唱首歌 | 法国首都是哪 | 放点音乐 | 我饿了 | 我家狗病了 | 十二乘八等于几 | 帮我翻译这句话 | 附近有加油站吗 | 视频放不出来 | 网站打不开 | 密码忘了
  | 登录不上 | 你喜欢猫吗 | 你结婚了吗 | 帮我写作业 | 人生的意义是什么 | 开灯 | 珠穆朗玛峰多高 | 总统是谁 | 米饭怎么煮 | 手机丢了 | 下雨了 | 啊啊啊 | 哈哈 | 呵呵 | 随便 | 你真笨 | 我恋爱了 | 你最喜欢什么颜色 | 比特币多少钱
  | 看电影了吗 | 今天心情不好 | 老板好烦 | 生日快乐 | 你会开车吗 | 你住哪 | 定个五分钟闹钟 | 今晚电视放什么 | 找个餐厅 | 去机场怎么走 | 考试好难 | 明天要开会 | 谁创造了你 | 写首诗 | 会下雪吗 | 推荐个餐厅 | 有什么好酒店
  | 买牛奶 | 帮我查邮件 | 取消航班 | 快递到哪了 | 停车 | 删除朋友圈 | 中国有多少人 | 我住在上海 | 火车晚点了 | 她是我姐姐 | 我们去了公园 | 声音太小了 | 没有字幕 | 页面加载不出来 | 股票今天涨了吗 | 嗯哼 | 无语 | 666 | 孩子不听话 | 周末去哪玩
  | 帮我叫车 | 房价会跌吗 | 世界杯谁赢了 | 你有男朋友吗 | 头疼怎么办 | 感冒吃什么药 | 怎么减肥最快呢 | 帮我算一下个税 | 给我讲个故事 | 作业太多了 | 加班到十点 | 家里停电了 | 这道题怎么做 | 证书什么时候寄 | 客服电话多少 | 转人工 | 我要投诉
  | talk to a human | customer service number | i want to complain | where is my certificate | when will my certificate arrive | the app keeps crashing | change my password | update my email address | i need an invoice | 开发票 | 改手机号 | 换绑邮箱 | 老师微信多少 | 加个好友 | let's be friends`;
