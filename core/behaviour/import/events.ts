import type { Database } from '../../../prisma/connect.ts';
import { resolveExternal } from '../../learner/store.ts';
import { cleanEvent, verdicts, type CleanContext, type CleanEvent, type RawEvent, type Verdict } from '../clean.ts';
import type { NewEvent } from '../event.ts';
import type { SourceFile, SourceRow } from '../files.ts';
import { eventKey } from '../key.ts';
import { recordEvents, type Recorded } from '../store.ts';
import type { ImportContext } from './context.ts';
import { createRejects, type Rejects } from './files.ts';
import type { EventPlan } from './plan.ts';
import { createTally, type FileReport, type Tally } from './report.ts';
import type { Scales } from './scales.ts';

const BATCH = 5000;
/** Connections that write at once. */
const WRITERS = 2;
/** Ids kept between batches, so that a learner of many rows is not looked up for each batch. */
const REMEMBERED = 100_000;

export interface BehaviourImport {
  source: SourceFile;
  plan: EventPlan;
  scales: Scales;
  course: CleanContext['course'];
}

interface Candidate {
  row: SourceRow;
  key: string;
  event: CleanEvent;
}

/**
 * Imports one behaviour file. Each batch is stored by itself: killed at any moment, a second run
 * finds what is there by its keys and adds the rest.
 */
export async function importEvents(db: Database, given: BehaviourImport, context: ImportContext): Promise<FileReport> {
  const { source, plan } = given;
  const tally = createTally();
  const rejects = createRejects(context.folder, source, context.stamp);
  const store = createBatchStore(db, tally, plan.undated);
  const judge = createJudge(given, context);
  const totals = { rows: 0, events: 0 };
  let storing = Promise.resolve();
  for await (const rows of source.batches(BATCH, context.progressOf(source))) {
    const candidates = await judgeAll(rows, judge, { tally, rejects, totals });
    // One batch is stored while the next is read and judged.
    await storing;
    storing = store.add(candidates);
    // Its failure is met at the next turn; until then it must not count as unhandled.
    storing.catch(() => {});
  }
  await storing;
  return {
    ...{ file: source.name, kind: 'behavior', ...totals, kept: { new: store.kept() } },
    notes: [...plan.notes, ...given.scales.notes],
    findings: tally.findings(),
    rejects: await rejects.close(),
  };
}

async function judgeAll(
  rows: readonly SourceRow[],
  judge: (row: SourceRow, rowNumber: number) => Judged[],
  { tally, rejects, totals }: { tally: Tally; rejects: Rejects; totals: { rows: number; events: number } },
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const row of rows) {
    for (const judged of judge(row, totals.rows)) {
      totals.events++;
      if (judged.event) {
        if (judged.event.filled)
          tally.add('missing-value', "value was missing: the course's price", 'filled', row.line);
        candidates.push({ row, key: judged.key, event: judged.event });
      } else {
        tally.add(judged.verdict, verdicts[judged.verdict], 'rejected', row.line);
        await rejects.add(row, judged.type === '' ? judged.verdict : `${judged.verdict} (${judged.type})`);
      }
    }
    totals.rows++;
  }
  return candidates;
}

type Judged = { key: string; event: CleanEvent } | { key?: never; event?: never; verdict: Verdict; type: string };

/** Judges rows of one file: each of their events gets its key or the verdict against it. */
export function createJudge(
  given: BehaviourImport,
  { now, zone, currency }: Omit<CleanContext, 'course' | 'ratingScale' | 'progressScale' | 'undatedAt'>,
) {
  const { source, plan, scales, course } = given;
  const dated: CleanContext = {
    ...{ course, now, zone, currency },
    ratingScale: scales.rating,
    progressScale: scales.progress,
  };
  /** @param rowNumber from 0 */
  return (row: SourceRow, rowNumber: number): Judged[] => {
    if (row.malformed) return [{ verdict: 'malformed', type: '' }];
    const context = plan.undated ? { ...dated, undatedAt: undatedTime(source, rowNumber) } : dated;
    return plan.eventsOf(row).map((raw): Judged => {
      const cleaned = cleanEvent(raw, context);
      if (!cleaned.ok) return { verdict: cleaned.verdict, type: raw.type };
      return { key: importKey(given, row, raw, cleaned.event), event: cleaned.event };
    });
  };
}

/**
 * A time for a row without one, which keeps the order of rows: a millisecond a row, the last of
 * them before the file was written (there are fewer rows than bytes).
 */
function undatedTime({ modifiedAt, bytes }: SourceFile, rowNumber: number): Date {
  return new Date(modifiedAt.getTime() - bytes + rowNumber);
}

/**
 * Learner, course, type, value and time make an event; without times, its place in its file too.
 * The value is the file's own, so that reading the file on another scale makes no second event.
 */
function importKey(
  { source, plan }: Pick<BehaviourImport, 'source' | 'plan'>,
  row: SourceRow,
  raw: RawEvent,
  event: CleanEvent,
): string {
  const value = raw.value === '' || !Number.isFinite(Number(raw.value)) ? raw.value : String(Number(raw.value));
  const when = plan.undated ? [source.name, String(row.line)] : [event.occurredAt.toISOString()];
  return eventKey('import', event.userId, event.courseId ?? '', event.type, value, ...when);
}

function createBatchStore(db: Database, tally: Tally, undated: boolean) {
  let kept = 0;
  let remembered = new Map<string, string>();
  return {
    kept: () => kept,
    async add(candidates: readonly Candidate[]) {
      const ids = await idsOf(candidates);
      const events: NewEvent[] = [];
      const rows = new Map<string, SourceRow>();
      for (const { row, key, event } of candidates) {
        const learnerId = ids.get(event.userId);
        if (learnerId === undefined) erased(row);
        else if (rows.has(key)) duplicate(row);
        else {
          rows.set(key, row);
          events.push(stored(event, key, learnerId, undated));
        }
      }
      const recorded = await recordSideBySide(db, events);
      kept += recorded.accepted.size;
      for (const [key, row] of rows) {
        if (recorded.accepted.has(key)) continue;
        if (recorded.duplicate.has(key)) duplicate(row);
        else erased(row);
      }
    },
  };

  function duplicate(row: SourceRow) {
    tally.add('duplicate', verdicts.duplicate, 'left out', row.line);
  }

  // Not written to the rejects file: nothing of an erased person may be kept.
  function erased(row: SourceRow) {
    tally.add('erased', verdicts.erased, 'left out', row.line);
  }

  async function idsOf(candidates: readonly Candidate[]): Promise<ReadonlyMap<string, string>> {
    if (remembered.size > REMEMBERED) remembered = new Map();
    const wanted = new Set(candidates.map(({ event }) => event.userId).filter((id) => !remembered.has(id)));
    if (wanted.size === 0) return remembered;
    const { ids } = await resolveExternal(db, [...wanted], { create: true });
    for (const [externalId, id] of ids) remembered.set(externalId, id);
    return remembered;
  }
}

/**
 * Writes over several connections, for the database is slower than we are. All events of a learner
 * go over the same one, so that those of one instant keep the order of their rows.
 */
async function recordSideBySide(db: Database, events: readonly NewEvent[]): Promise<Recorded> {
  const shares = Array.from({ length: WRITERS }, (): NewEvent[] => []);
  for (const event of events) shares[parseInt(event.learnerId.slice(-4), 16) % WRITERS]!.push(event);
  const [first, ...others] = await Promise.all(shares.map((share) => recordEvents(db, share)));
  for (const { accepted, duplicate } of others) {
    for (const key of accepted) first!.accepted.add(key);
    for (const key of duplicate) first!.duplicate.add(key);
  }
  return first!;
}

function stored(event: CleanEvent, key: string, learnerId: string, undated: boolean): NewEvent {
  const { courseId, type, value, occurredAt, filled } = event;
  return {
    ...{ idempotencyKey: key, learnerId, courseId, type, value, occurredAt, channel: 'import' },
    circumstances: { ...(filled && { filled }), ...(undated && { undated }) },
  };
}
