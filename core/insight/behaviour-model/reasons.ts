import { featureAt, type Feature } from './features.ts';

/** What speaks for a forecast, as a fact about the learner; each has a text of its own. */
export type Reason =
  | { fact: 'here' }
  | { fact: 'idle'; days: number }
  | { fact: 'days'; count: number }
  | { fact: 'age'; days: number }
  | { fact: 'open'; count: number }
  | { fact: 'bought'; count: number }
  | { fact: 'finished'; count: number }
  | { fact: 'looked'; count: number }
  | { fact: 'searched'; count: number }
  | { fact: 'saved'; count: number }
  | { fact: 'rated'; count: number }
  | { fact: 'checkins'; count: number }
  | { fact: 'answered'; count: number }
  | { fact: 'silences'; count: number }
  | { fact: 'invited' };

interface Source {
  features: readonly Feature[];
  /** The fact that stands behind these features; undefined where there is none to tell. */
  tell: (read: (feature: Feature) => number, count: (feature: Feature) => number) => Reason | undefined;
}

/** Features that say the same thing weigh together: taken apart they would undo each other. */
const sources: readonly Source[] = [
  {
    features: ['idle', 'here', 'missed', 'overdue', 'events.sitting'],
    tell: (read, count) => (read('here') === 1 ? { fact: 'here' } : { fact: 'idle', days: Math.max(1, count('idle')) }),
  },
  {
    features: ['sittings', 'rate', 'due', 'gap', 'gap.last', 'once', 'days.7', 'days.30', 'days.90', 'events.30'],
    tell: (_, count) => some('days', count('days.30')),
  },
  { features: ['age', 'act.register'], tell: (_, count) => ({ fact: 'age', days: count('age') }) },
  {
    features: ['open', 'furthest', 'progressed.30', 'act.progress', 'act.enrol'],
    tell: (_, count) => some('open', count('open')),
  },
  {
    features: ['purchases', 'purchase.idle', 'taken.30', 'act.purchase'],
    tell: (_, count) => some('bought', count('purchases')),
  },
  {
    features: ['completions', 'completion.idle', 'completed.30', 'act.complete'],
    tell: (_, count) => some('finished', count('completions')),
  },
  { features: ['views.30', 'act.view'], tell: (_, count) => some('looked', count('views.30')) },
  { features: ['searches.30', 'act.search'], tell: (_, count) => some('searched', count('searches.30')) },
  { features: ['saved', 'saves.30', 'act.save'], tell: (_, count) => some('saved', count('saved')) },
  { features: ['rated.30', 'rating.last', 'act.rate'], tell: (_, count) => some('rated', count('rated.30')) },
  { features: ['checkins.30', 'act.checkin'], tell: (_, count) => some('checkins', count('checkins.30')) },
  {
    features: ['messages.answered', 'campaign.answered', 'replies.30'],
    tell: (_, count) => some('answered', count('messages.answered')),
  },
  { features: ['silences.30'], tell: (_, count) => some('silences', count('silences.30')) },
  {
    features: ['invited', 'inviter.active'],
    tell: (read) => (read('invited') === 1 ? { fact: 'invited' } : undefined),
  },
];

/**
 * The strongest facts that push one way, the strongest first; only what is so of this learner.
 *
 * @param contributions of each feature to the logit. @param up whether what raises it is asked for.
 */
export function strongest(row: Float32Array, contributions: Float64Array, up: boolean, most: number): Reason[] {
  const read = (feature: Feature) => row[featureAt[feature]]!;
  const count = (feature: Feature) => Math.round(Math.expm1(read(feature)));
  return sources
    .map(({ features, tell }) => {
      const pushed = features.reduce((sum, feature) => sum + contributions[featureAt[feature]]!, 0);
      return { push: up ? pushed : -pushed, reason: tell(read, count) };
    })
    .filter((one): one is { push: number; reason: Reason } => one.push > 0 && one.reason !== undefined)
    .sort((a, b) => b.push - a.push)
    .slice(0, most)
    .map(({ reason }) => reason);
}

type Counted = Extract<Reason, { count: number }>['fact'];

function some(fact: Counted, count: number): Reason | undefined {
  return count > 0 ? { fact, count } : undefined;
}
