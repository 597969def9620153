/** Plain text as Discord's Markdown, so that it reads as it was written and mentions nobody. */

/** What Discord takes for markup wherever it stands. */
const ANYWHERE = /[\\*_~`|[\]<>@]/g;
/** At the start of a line: headings, small print, lists, and numbered lists. */
const AT_START = /^([^\S\n]*)(?:(-#|#{1,3}|[+-])|(\d+)\.)(?=\s|$)/gm;
/**
 * Addresses stay as they are, so that they can be followed: those without anything that could be markup,
 * up to white space, since Discord reads on until there.
 */
const ADDRESS = /https?:\/\/[\w./?=&%#:+-]*[\w/](?=[.,;:!?)]*(?:\s|$))/g;
/** What would begin an address all the same, and swallow the backslashes after it. */
const SCHEME = /(https?):(?=\/\/)/gi;

export function escaped(text: string): string {
  let result = '';
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    result += marked(text.slice(from, found.index)) + found[0];
    from = found.index + found[0].length;
  }
  return (result + marked(text.slice(from))).replaceAll(AT_START, (_, space: string, sign?: string, number?: string) =>
    sign === undefined ? `${space}${number}\\.` : `${space}\\${sign}`,
  );
}

/** Discord drops a backslash before anything but letters, digits and white space. */
const marked = (text: string): string => text.replaceAll(ANYWHERE, '\\$&').replaceAll(SCHEME, '$1\\:');
