import type { Database } from '../../prisma/connect.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Forecast } from '../insight/behaviour-model/model.ts';
import { currentModel, forecastsOf } from '../insight/behaviour-model/store.ts';
import type { LearnerState } from '../interest/state.ts';
import { mayPersonalise } from '../learner/consent.ts';
import type { Learner } from '../learner/learner.ts';
import type { Plan } from './plan.ts';
import { asksForecast, audienceFacts, looksAtBehaviour, matches } from './segments.ts';

/** Whether a plan's rule names a learner; nobody who did not agree to it is looked at by their behaviour. */
export function inAudience(
  catalogue: Pick<Catalogue, 'get'>,
  { audience }: Pick<Plan, 'audience'>,
  learner: Learner,
  { state, forecast, now }: { state: LearnerState | undefined; forecast: Forecast | undefined; now: Date },
): boolean {
  if (!state || (looksAtBehaviour(audience) && !mayPersonalise(learner))) return false;
  return matches(
    audience,
    audienceFacts(learner, state, forecast, now, (id) => catalogue.get(id)),
  );
}

/** What the behaviour model says of some learners, as far as a plan's rule asks it. */
export type Forecaster = (learnerIds: readonly string[]) => Promise<ReadonlyMap<string, Forecast>>;

/** @returns undefined where the rule asks for what the model can not tell (yet): then nobody can be judged. */
export async function forecasterFor(
  db: Database,
  { audience }: Pick<Plan, 'audience'>,
  now: Date,
): Promise<Forecaster | undefined> {
  const asked = asksForecast(audience);
  if (asked.length === 0) return () => Promise.resolve(new Map());
  const model = await currentModel(db);
  if (!model || !asked.every((target) => model.targets.includes(target))) return undefined;
  return (learnerIds) => forecastsOf(db, model, learnerIds, now);
}
