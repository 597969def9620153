import type { Database } from '../../prisma/connect.ts';
import { outlookByStage, type Outlook } from './behaviour-model/outlook.ts';
import { currentMetrics, currentModel, loadPasts, type StoredMetrics } from './behaviour-model/store.ts';
import { silent, type Progress } from '../numerics/progress.ts';
import { funnel, type FunnelRow } from './funnel.ts';
import { meanRetention, retention, type Cohort, type Period } from './retention.ts';
import { quintileCuts, rfm, rfmGroup, rfmGroups, type Purchases, type RfmCuts, type RfmGroup } from './rfm.ts';
import { stageOf, stages, type Stage } from './stage.ts';
import { activityOfAll, cohortCounts, funnelCounts, type LearnerActivity } from './store.ts';

/** The community as it stood at `until`. */
export interface Analysis {
  /** ISO 8601; null for all there is. Of the funnel and the cohorts; stages and money look at everything up to `until`. */
  since: string | null;
  until: string;
  period: Period;
  /** People first, then learners made by the sample generator; groups without learners are absent. */
  groups: GroupAnalysis[];
  /** What the behaviour model foretells, at `until`, of those who refused nothing; null while there is none. */
  outlook: { metrics: StoredMetrics; stages: Outlook[] } | null;
}

export interface GroupAnalysis {
  /** True for learners made by the sample generator. */
  simulated: boolean;
  learners: number;
  /** Things they did; impressions and silence are not counted. */
  events: number;
  stages: Record<Stage, number>;
  money: MoneyAnalysis;
  funnel: FunnelRow[];
  cohorts: Cohort[];
  /** Mean over the cohorts old enough, by periods after the first. */
  retention: number[];
}

export interface MoneyAnalysis {
  buyers: number;
  /** Currency → minor units paid less refunded. */
  spent: Record<string, number>;
  /** Currency of the scores: the one most buyers paid in; null when nobody bought. */
  currency: string | null;
  /** Where the scores change, from the fifths of these buyers. */
  cuts: RfmCuts | null;
  groups: Record<RfmGroup, { buyers: number; spentMinor: number }>;
}

export interface AnalyseOptions {
  since?: Date | undefined;
  until: Date;
  period: Period;
  /** Periods shown after a cohort's first. */
  periods: number;
  /** Currency of courses that name none. */
  currency: string;
}

/** Stages, recency–frequency–money, funnel and retention of all learners, the simulated ones apart. */
export async function analyse(db: Database, options: AnalyseOptions, progress: Progress = silent): Promise<Analysis> {
  const { since, until, period, periods, currency } = options;
  progress('Reading activity', 0);
  const activity = await activityOfAll(db, until, currency);
  progress('Reading the funnel', 0.4);
  const steps = await funnelCounts(db, { since, until });
  progress('Reading cohorts', 0.6);
  const cells = await cohortCounts(db, period, { since, until });
  progress('Reading cohorts', 1);
  const groups = [false, true].flatMap((simulated) => {
    const learners = activity.filter((learner) => learner.simulated === simulated);
    if (learners.length === 0) return [];
    const cohorts = retention(
      cells.filter((cell) => cell.simulated === simulated),
      period,
      until,
      periods,
    );
    const group: GroupAnalysis = {
      simulated,
      learners: learners.length,
      events: learners.reduce((sum, { events }) => sum + events, 0),
      stages: countStages(learners, until),
      money: analyseMoney(learners, until),
      funnel: funnel(steps.filter((row) => row.simulated === simulated)),
      cohorts,
      retention: meanRetention(cohorts),
    };
    return [group];
  });
  const outlook = await outlookOf(db, activity, until);
  return { since: since?.toISOString() ?? null, until: until.toISOString(), period, groups, outlook };
}

async function outlookOf(
  db: Database,
  activity: readonly LearnerActivity[],
  until: Date,
): Promise<Analysis['outlook']> {
  const [model, measured] = await Promise.all([currentModel(db), currentMetrics(db)]);
  if (!model || !measured) return null;
  const stageOfLearner = new Map(activity.map((learner) => [learner.learnerId, stageOf(learner, until)]));
  const stages = outlookByStage(
    model,
    await loadPasts(db, silent),
    (learnerId) => stageOfLearner.get(learnerId),
    until.getTime(),
  );
  return { metrics: measured.metrics, stages };
}

function countStages(learners: readonly LearnerActivity[], now: Date): Record<Stage, number> {
  const counts = Object.fromEntries(stages.map((stage) => [stage, 0])) as Record<Stage, number>;
  for (const learner of learners) counts[stageOf(learner, now)]++;
  return counts;
}

function analyseMoney(learners: readonly LearnerActivity[], now: Date): MoneyAnalysis {
  const buyers = learners.filter(({ purchases }) => purchases > 0);
  const spent: Record<string, number> = {};
  const payers = new Map<string, number>();
  for (const buyer of buyers) {
    for (const [currency, minor] of Object.entries(buyer.spent)) {
      spent[currency] = (spent[currency] ?? 0) + minor;
      payers.set(currency, (payers.get(currency) ?? 0) + 1);
    }
  }
  const [currency = null] = [...payers].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([code]) => code);
  const groups = Object.fromEntries(
    rfmGroups.map((group) => [group, { buyers: 0, spentMinor: 0 }]),
  ) as MoneyAnalysis['groups'];
  if (buyers.length === 0) return { buyers: 0, spent, currency, cuts: null, groups };
  const purchases: Purchases[] = buyers.map((buyer) => ({
    purchases: buyer.purchases,
    lastPurchaseAt: buyer.lastPurchaseAt,
    spentMinor: (currency !== null && buyer.spent[currency]) || 0,
  }));
  const cuts = quintileCuts(purchases, now);
  for (const buyer of purchases) {
    const score = rfm(buyer, now, cuts);
    if (!score) continue;
    const group = groups[rfmGroup(score)];
    group.buyers++;
    group.spentMinor += buyer.spentMinor;
  }
  return { buyers: buyers.length, spent, currency, cuts, groups };
}
