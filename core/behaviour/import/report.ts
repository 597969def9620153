/** What cleaning did with the rows that a finding counts. */
export type Treatment =
  /** Not imported, and written to the rejects file. */
  | 'rejected'
  /** Not imported; nothing is lost by it, or nothing may be kept of it. */
  | 'left out'
  /** Imported without the value. */
  | 'value left out'
  /** Imported, the value taken from elsewhere. */
  | 'filled';

export interface Finding {
  /** Stable name of the reason, such as 'unknown-course'. */
  reason: string;
  /** The same in words. */
  text: string;
  treatment: Treatment;
  count: number;
  /** The first lines of the file that it stands against. */
  lines: number[];
}

export interface FileReport {
  file: string;
  kind: 'courses' | 'learners' | 'behavior';
  /** Records read. */
  rows: number;
  /** What they became: `{new, changed, unchanged}` courses or learners, `{new}` events. */
  kept: { new: number; changed?: number; unchanged?: number };
  /** Events that the rows stand for; more than rows where several types are made of each. */
  events?: number;
  /** What was read from the file itself: the scale of its ratings, the types made of each row. */
  notes: string[];
  findings: Finding[];
  /** Where the rejected rows were written; null when there are none. */
  rejects: string | null;
}

/** Events that show as wrong only beside others: they stay in the log, and nothing learns from them. */
export interface SetAsideReport {
  reason: 'robot' | 'outlier';
  text: string;
  events: number;
  learners: number;
  first: { file: string; line: number }[];
}

const LINES_SHOWN = 5;

/** Counts findings of one file. */
export interface Tally {
  add(reason: string, text: string, treatment: Treatment, line?: number, count?: number): void;
  findings(): Finding[];
}

export function createTally(): Tally {
  const found = new Map<string, Finding>();
  return {
    add(reason, text, treatment, line, count = 1) {
      const key = `${reason} ${treatment} ${text}`;
      let finding = found.get(key);
      if (!finding) found.set(key, (finding = { reason, text, treatment, count: 0, lines: [] }));
      finding.count += count;
      if (line !== undefined) keepFirst(finding.lines, line);
    },
    findings: () => [...found.values()].sort((a, b) => b.count - a.count),
  };
}

/** Keeps the lowest lines: what is in the log already shows after what is double in its batch, so they come out of order. */
function keepFirst(lines: number[], line: number): void {
  if (lines.includes(line) || (lines.length === LINES_SHOWN && line > lines.at(-1)!)) return;
  lines.push(line);
  lines.sort((a, b) => a - b).splice(LINES_SHOWN);
}
