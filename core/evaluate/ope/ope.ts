import type { Database } from '../../../prisma/connect.ts';
import { createCatalogue } from '../../catalogue/catalogue.ts';
import type { Progress } from '../../numerics/progress.ts';
import { fitContent } from '../../recommend/artefact.ts';
import type { ChoiceSettings } from '../../recommend/choice.ts';
import { factsOf } from '../../recommend/facts.ts';
import { createStock, type Stock } from '../../recommend/stock.ts';
import { Collector, createRates } from './collect.ts';
import { estimateOffPolicy, type EstimateOptions, type OffPolicy } from './estimate.ts';
import { popularPolicy, servedPolicy, uniformPolicy, type Policy } from './policies.ts';
import { replay, type LoggedSlate } from './replay.ts';
import { rewardsOf, type RewardName } from './rewards.ts';
import { learnerLogs, loggedSlates, storedPolicy, takenTimes } from './store.ts';

const DAY = 86_400_000;

/** A policy to judge: one by rule, the champion, or a stored version by its number. */
export type PolicyName = 'popular' | 'uniform' | 'champion' | number;

export interface OpeOptions extends EstimateOptions {
  policies: readonly PolicyName[];
  /** As the service chooses now: how the logged slates were made. */
  serving: ChoiceSettings;
  /** How the candidates choose, where they are trained versions. */
  candidate: ChoiceSettings;
  list: string;
  reward: RewardName;
  /** Days after an impression in which a reward counts. */
  days: number;
  since: Date | undefined;
  until: Date;
  /** Of revenue, and of courses that name no currency. */
  currency: string;
}

export interface Left {
  /** Impressions without slate, place or propensity. */
  withoutPropensity: number;
  /** Impressions whose days for a reward are not over. */
  tooYoung: number;
  /** Slates of which a course has left the catalogue. */
  gone: number;
  /** Slates whose maker, asked again, gives other propensities: their context is not known. */
  notRebuilt: number;
}

export interface OpeReport {
  source: 'database' | 'file';
  reward: string;
  /** Impressions used at most by a policy, and the share of them that the logged policy was certain of. */
  impressions: number;
  certain: number;
  /** Slates whose context was confirmed by the version that made them, and those whose maker is not kept. */
  contexts: { confirmed: number; unconfirmed: number };
  left: Left;
  policies: ({ policy: string; before: number } & OffPolicy)[];
}

/** A policy that can not be judged; the message says why. */
export class PolicyError extends Error {}

/**
 * What other policies would have earned, from the impressions in the log. Reads the log twice: for the
 * rewards, then for the contexts.
 *
 * @throws PolicyError for a version that is not there.
 */
export async function evaluatePolicies(db: Database, options: OpeOptions, progress: Progress): Promise<OpeReport> {
  const catalogue = await createCatalogue(db);
  const courses = catalogue.all();
  const content = fitContent(courses.map(factsOf));
  const index = new Map(courses.map(({ id }, item) => [id, item]));
  const indexOf = (id: string) => index.get(id) ?? -1;
  const takers = takersBefore(await takenTimes(db));
  const stockOf = (trained?: Stock['trained']) => createStock(courses, () => catalogue.search(), content, trained);
  const open = async (which: Parameters<typeof storedPolicy>[1]) =>
    storedPolicy(db, which, (id) => {
      const course = catalogue.get(id);
      return course && factsOf(course);
    });

  const policies: Policy[] = [];
  for (const name of options.policies) {
    if (name === 'popular') policies.push(popularPolicy(stockOf(), takers));
    else if (name === 'uniform') policies.push(uniformPolicy(stockOf()));
    else {
      const stored = await open(name === 'champion' ? name : { number: name });
      if (stored === 'unknown') throw new PolicyError(`There is no model version ${name}`);
      if (stored === 'dropped') throw new PolicyError(`The artefact of model version ${name} is not kept any more`);
      const { trained } = stored.artefact;
      const said = name === 'champion' ? `champion (${stored.number})` : `version ${name}`;
      policies.push(servedPolicy(said, stockOf(trained), options.candidate, stored.learnedTo));
    }
  }

  const found = await loggedSlates(db, options);
  const ripe = options.until.getTime() - options.days * DAY;
  const left: Left = { withoutPropensity: found.without, tooYoung: 0, gone: 0, notRebuilt: 0 };
  const slates = found.slates.filter((slate) => {
    const [young, gone] = [slate.at.getTime() > ripe, slate.items.some(({ courseId }) => !index.has(courseId))];
    if (young) left.tooYoung += slate.items.length;
    else if (gone) left.gone++;
    return !young && !gone;
  });
  const makers = await madeBy(slates);

  const rates = createRates();
  const rewards = new Map<LoggedSlate, number[]>();
  const currencyOf = (id: string) => catalogue.get(id)?.currency ?? options.currency;
  const rule = {
    name: options.reward,
    days: options.days,
    inCurrency: (id: string) => currencyOf(id) === options.currency,
  };
  let cluster = 0;
  for await (const { slates: own, events } of learnerLogs(db, slates)) {
    const earned = rewardsOf(
      own.flatMap(({ items }) => items),
      events,
      rule,
    );
    for (const slate of own) rewards.set(slate, earned.splice(0, slate.items.length));
    for (const slate of own)
      slate.items.forEach(({ courseId }, at) => rates.add(indexOf(courseId), cluster, rewards.get(slate)![at]!));
    cluster++;
    progress('Reading what came of them', rewards.size / slates.length);
  }

  const collectors = policies.map((policy) => new Collector(policy, { courses, rates, takers }));
  const before = policies.map(() => 0);
  const contexts = { confirmed: 0, unconfirmed: 0 };
  let [impressions, certain, done] = [0, 0, 0];
  cluster = 0;
  for await (const log of learnerLogs(db, slates)) {
    for (const { slate, context, agrees } of replay(log, { list: options.list, madeBy: makers, indexOf })) {
      progress('Replaying', ++done / slates.length);
      const earned = rewards.get(slate);
      // Shown to somebody who came while we read.
      if (!earned) continue;
      if (agrees === false) {
        left.notRebuilt++;
        continue;
      }
      contexts[agrees ? 'confirmed' : 'unconfirmed']++;
      impressions += slate.items.length;
      certain += slate.items.filter(({ propensity }) => propensity > 1 - 1e-9).length;
      const indices = slate.items.map(({ courseId }) => indexOf(courseId));
      collectors.forEach((collector, at) => {
        const { learnedTo } = collector.policy;
        if (learnedTo && slate.at <= learnedTo) before[at]! += slate.items.length;
        else collector.add(slate, context, cluster, earned, indices);
      });
    }
    cluster++;
  }
  return {
    source: 'database',
    reward: options.reward,
    impressions,
    certain: impressions === 0 ? 0 : certain / impressions,
    contexts,
    left,
    policies: collectors.map((collector, at) => ({
      policy: collector.policy.name,
      before: before[at]!,
      ...estimateOffPolicy(collector.logged(), options),
    })),
  };

  /** Every version that made a slate and is kept, under the settings of today. */
  async function madeBy(slates: readonly LoggedSlate[]): Promise<(version: string | null) => Policy | undefined> {
    const kept = new Map<string, Policy>();
    for (const id of new Set(slates.map(({ modelVersion }) => modelVersion))) {
      if (id === null) continue;
      const stored = await open({ id });
      if (typeof stored === 'string') continue;
      kept.set(id, servedPolicy(id, stockOf(stored.artefact.trained), options.serving, null));
    }
    return (version) => (version === null ? undefined : kept.get(version));
  }
}

function takersBefore(times: ReadonlyMap<string, readonly number[]>): (courseId: string, before: number) => number {
  return (courseId, before) => {
    const own = times.get(courseId) ?? [];
    let [low, high] = [0, own.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (own[middle]! < before) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
