const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Minute, hour, day of month, month, day of week: lowest and highest number, and names. */
const fields: readonly { range: readonly [number, number]; names?: readonly string[] }[] = [
  { range: [0, 59] },
  { range: [0, 23] },
  { range: [1, 31] },
  { range: [1, 12], names: ['', ...months] },
  { range: [0, 7], names: days },
];

/** Whether a text is a cron pattern of five fields: numbers, names, ranges, lists and steps. */
export function isCron(text: string): boolean {
  const parts = text.trim().toLowerCase().split(/\s+/);
  return parts.length === fields.length && parts.every((part, at) => part.split(',').every((item) => fits(item, at)));
}

function fits(item: string, at: number): boolean {
  const found = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/[1-9]\d?)?$/.exec(item);
  if (!found) return false;
  const { range, names } = fields[at]!;
  const ends = [found[1], found[2]].filter((end) => end !== undefined);
  const numbers = ends.map((end) => (/^\d+$/.test(end) ? Number(end) : (names?.indexOf(end) ?? -1)));
  return numbers.every((number, place) => number >= Math.max(range[0], numbers[place - 1] ?? 0) && number <= range[1]);
}
