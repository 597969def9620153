/** Words within a picture: what the bundled font can show, and how much room it takes. */

/** Emoji and Hangul, which the font has not: they would stand there as boxes. */
const UNDRAWABLE =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Script=Hangul}\p{Cc}\p{Cs}\p{Co}\u200b-\u200f\u202a-\u202e\u2066-\u2069]|\u20e3|\ufe0f/gu;

/** The words without what the font can not draw. */
export function drawable(text: string): string {
  return text.replaceAll(UNDRAWABLE, ' ').replaceAll(/\s+/g, ' ').trim();
}

/** Width in ems of one character in a wide font: nobody knows which one a reader's browser takes. */
const emsOf = (letter: string) => (/[\u2e80-\uffef]/u.test(letter) ? 1 : /[A-Z]/.test(letter) ? 0.8 : 0.64);

/** Pixels that the words take at a font size; rather too many than too few. */
export function widthOf(text: string, size: number): number {
  return Math.ceil(size * Array.from(text).reduce((sum, letter) => sum + emsOf(letter), 0));
}

/** The words in at most `most` lines of a width, the last one cut with an ellipsis where they do not fit. */
export function inLines(text: string, width: number, size: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of wordsOf(text)) {
    if (widthOf((line + word).trimEnd(), size) <= width) {
      line += word;
      continue;
    }
    if (line !== '') lines.push(line.trimEnd());
    line = word.trimStart();
  }
  if (line !== '') lines.push(line.trimEnd());
  const shown = lines.slice(0, most);
  if (lines.length > most) shown[most - 1] = `${shown[most - 1]!.replace(/[\p{P}\s]+$/u, '')}…`;
  return shown.map((each) => shortened(each, width, size));
}

/** A line may end after white space, or beside a wide character. */
const wordsOf = (text: string) =>
  text.match(/[\u2e80-\uffef][，。！？、；：）》」』”’]*\s*|[^\s\u2e80-\uffef]+\s*|\s+/gu) ?? [];

function shortened(line: string, width: number, size: number): string {
  if (widthOf(line, size) <= width) return line;
  const letters = Array.from(line.replace(/…$/, ''));
  while (letters.length > 0 && widthOf(`${letters.join('')}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** Text as it stands in the markup of a picture. */
export function inMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
