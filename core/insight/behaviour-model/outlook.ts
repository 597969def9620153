import type { Stage } from '../stage.ts';
import type { BehaviourModel, Forecast } from './model.ts';
import type { Past } from './past.ts';
import { targets } from './targets.ts';

/** Mean probabilities of a group of learners. */
export interface Outlook {
  stage: Stage;
  /** Of whom something is foretold. */
  learners: number;
  mean: Forecast;
}

/** What is foretold of the learners of each stage on average; stages of whom nothing is are absent. */
export function outlookByStage(
  model: BehaviourModel,
  pasts: readonly Past[],
  stageOf: (learnerId: string) => Stage | undefined,
  now: number,
): Outlook[] {
  const groups = new Map<Stage, Outlook>();
  for (const past of pasts) {
    const stage = stageOf(past.id);
    const forecast = model.forecast(past, now);
    if (!stage || !forecast) continue;
    const group = groups.get(stage) ?? { stage, learners: 0, mean: {} };
    groups.set(stage, group);
    group.learners++;
    for (const target of model.targets) group.mean[target] = (group.mean[target] ?? 0) + forecast[target]!;
  }
  for (const { learners, mean } of groups.values())
    for (const target of targets) if (mean[target] !== undefined) mean[target] /= learners;
  return [...groups.values()];
}
