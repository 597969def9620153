import type { Scale } from '../clean.ts';
import { eventTypeOf } from '../clean.ts';
import { ColumnError } from '../columns.ts';
import type { SourceFile } from '../files.ts';
import type { EventPlan } from './plan.ts';

/** What the values of one file are measured on. */
export interface Scales {
  rating: Scale;
  progress: Scale;
  /** What was read from the file, for people. */
  notes: string[];
}

const FULL_RATING: Scale = [1, 5];
/** Above this share of values over 1, progress is in per cent; below, they are mistakes. */
const PER_CENT_FROM = 0.1;

/** Reads `MIN-MAX`, such as 1-5 or 0-10. */
export function parseScale(text: string): Scale {
  const match = /^(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)$/.exec(text.trim());
  const [lowest, highest] = [Number(match?.[1]), Number(match?.[2])];
  if (!(lowest < highest)) throw new ColumnError(`--rating-scale takes MIN-MAX, such as 1-5; "${text}" is not one`);
  return [lowest, highest];
}

/**
 * Reads the scales from the file, where it has ratings or progress: a first pass over all of it.
 *
 * @param given --rating-scale.
 * @throws ColumnError when all ratings are the same and do not show their scale.
 */
export async function readScales(
  source: SourceFile,
  plan: EventPlan,
  given: Scale | undefined,
  onBytes: (bytes: number) => void,
): Promise<Scales> {
  const ratings = { count: 0, lowest: Infinity, highest: -Infinity };
  const progress = { count: 0, aboveOne: 0 };
  if (plan.mayHaveShares) {
    for await (const rows of source.batches(undefined, onBytes)) {
      for (const row of rows) {
        if (row.malformed) continue;
        for (const event of plan.valuesOf(row)) {
          const type = eventTypeOf(event.type);
          if (type !== 'rate' && type !== 'progress') continue;
          const value = Number(event.value.replace(/\s*%$/, ''));
          if (event.value === '' || !Number.isFinite(value)) continue;
          if (type === 'progress') {
            progress.count++;
            if (value > 1) progress.aboveOne++;
          } else {
            ratings.count++;
            ratings.lowest = Math.min(ratings.lowest, value);
            ratings.highest = Math.max(ratings.highest, value);
          }
        }
      }
    }
  }
  const notes: string[] = [];
  const rating = given ?? (ratings.count > 0 ? scaleOf(ratings.lowest, ratings.highest, source.name) : FULL_RATING);
  if (ratings.count > 0) {
    const from = given ? 'given' : `read from the file, where they are ${ratings.lowest} to ${ratings.highest}`;
    notes.push(`ratings are on ${rating[0]}-${rating[1]} (${from})`);
  }
  const perCent = progress.aboveOne > progress.count * PER_CENT_FROM;
  if (progress.count > 0) notes.push(`progress is ${perCent ? 'in per cent' : 'a share of 1'} (read from the file)`);
  return { rating, progress: perCent ? [0, 100] : [0, 1], notes };
}

/** The scale that values lie on: a usual one where they reach its top, else from the lowest to the highest. */
export function scaleOf(lowest: number, highest: number, file: string): Scale {
  if (lowest >= 0 && highest === 1) return [0, 1];
  if (lowest >= 0 && (highest === 5 || highest === 10)) return [lowest < 1 ? 0 : 1, highest];
  if (lowest >= 0 && highest === 100) return [0, 100];
  if (lowest === highest) {
    throw new ColumnError(`All ratings of ${file} are ${lowest}: say what they are out of with --rating-scale MIN-MAX`);
  }
  return [lowest, highest];
}
