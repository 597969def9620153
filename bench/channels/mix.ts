/** What people do in the measurement: a round of turns in the shares of an ordinary conversation. */

export type Step =
  | readonly ['command', name: string, argument?: string]
  /** Beginning of the id of a button in the answer before; the newest first. */
  | readonly ['press', start: string]
  | readonly ['say', zh: string, en: string];

/** Before the measurement: who they are. */
export const arrival: readonly Step[] = [
  ['command', 'start'],
  ['press', 'onboard'],
  ['press', 'onboard||topic'],
  ['press', 'onboard||skip'],
  ['press', 'onboard||goal'],
  ['press', 'onboard||level'],
  ['press', 'consent||recording%3Aon'],
  ['press', 'consent||messages%3Aoff'],
];

export const round: readonly Step[] = [
  ['command', 'recommend'],
  ['press', 'course|'],
  ['press', 'save|'],
  ['say', '有没有数据分析的课', 'python for beginners'],
  ['press', 'course|'],
  ['press', 'similar|'],
  ['command', 'rate', '4'],
  ['command', 'search', 'excel'],
  ['press', 'course|'],
  ['say', '谢谢', 'thanks'],
  ['command', 'recommend'],
  ['press', 'recommend||more'],
  ['command', 'profile'],
  ['command', 'settings'],
  ['say', '给我推荐几门课', 'recommend something'],
  ['command', 'help'],
];
