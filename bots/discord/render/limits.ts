/** Discord's limits, in UTF-16 units and pieces. */
export const limits = {
  content: 2000,
  title: 256,
  description: 4096,
  /** Ours: Discord takes 1024, but 6000 in a whole embed. */
  fieldValue: 250,
  label: 80,
  optionLabel: 100,
  customId: 100,
  placeholder: 150,
  rows: 5,
  buttonsInRow: 5,
  options: 25,
  threadName: 100,
} as const;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** At most `limit` units, cut between what a reader takes for characters, with an ellipsis where it was cut. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > limit - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
