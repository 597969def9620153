import { createJudge } from '../../behaviour/import/events.ts';
import { checkTypeRules, parseTypeRules, planEvents } from '../../behaviour/import/plan.ts';
import { parseScale, readScales } from '../../behaviour/import/scales.ts';
import { checkColumnMap, parseColumnMap } from '../../behaviour/columns.ts';
import { openFile } from '../../behaviour/files.ts';
import type { Progress } from '../../numerics/progress.ts';
import { deedOf, inOrder, type Deed, type Past } from './past.ts';

/** How files are read; the same words as for an import. */
export interface ReadOptions {
  /** `canonical=source,…` */
  map: readonly string[];
  /** `TYPE[:VALUE_COLUMN]` for files without a type column. */
  types: readonly string[];
  zone: string;
  ratingScale: string | undefined;
  now: Date;
}

export interface ReadPasts {
  pasts: Past[];
  events: number;
  /** Rows that cleaning refused. */
  refused: number;
}

/**
 * Learners' pasts from behaviour files, cleaned row by row as an import cleans them; any course is
 * taken for one that exists, and a fact that comes twice counts once. Robots are not looked for.
 *
 * @throws ColumnError, FileError for what the caller can mend, a file without times among them.
 */
export async function readPasts(
  paths: readonly string[],
  { map, types, zone, ratingScale, now }: ReadOptions,
  progress: Progress,
): Promise<ReadPasts> {
  const columns = parseColumnMap(map);
  const rules = parseTypeRules(types);
  const scale = ratingScale === undefined ? undefined : parseScale(ratingScale);
  const sources = await Promise.all(paths.map(openFile));
  checkColumnMap(columns, { behavior: sources });
  checkTypeRules(rules, sources);
  const byLearner = new Map<string, Deed[]>();
  const known = new Set<string>();
  let refused = 0;
  for (const source of sources) {
    const told = (bytes: number) => progress(`Reading ${source.name}`, source.bytes === 0 ? 1 : bytes / source.bytes);
    const plan = planEvents(source, columns, rules, { undated: false });
    const scales = await readScales(source, plan, scale, told);
    const anyCourse = { priceMinor: null, currency: null };
    const judge = createJudge({ source, plan, scales, course: () => anyCourse }, { now, zone, currency: 'USD' });
    let rowNumber = 0;
    for await (const rows of source.batches(undefined, told)) {
      for (const row of rows) {
        for (const { key, event } of judge(row, rowNumber)) {
          if (!event) refused++;
          if (!event || known.has(key)) continue;
          known.add(key);
          const deed = deedOf({ ...event, channel: 'import', circumstances: {} });
          const deeds = byLearner.get(event.userId) ?? [];
          byLearner.set(event.userId, deeds);
          if (deed) deeds.push(deed);
        }
        rowNumber++;
      }
    }
  }
  const pasts = [...byLearner].map(([id, deeds]): Past => ({
    id,
    deeds: inOrder(deeds),
    timeZone: null,
    invitedAt: null,
    inviter: undefined,
  }));
  return { pasts, events: known.size, refused };
}
