import type { Report } from '../core/evaluate/evaluate.ts';
import type { Difference } from '../core/evaluate/bootstrap.ts';
import type { ModelReport } from '../core/evaluate/scorecard.ts';
import { table } from './terminal.ts';

type Column = [title: string, key: keyof ModelReport, digits: number];

/** The report of an evaluation for people. */
export function evaluationTable(report: Report): string {
  const { dataset, protocol, clock, rounds, k, models } = report;
  const size = (count: number): string => count.toLocaleString('en');
  return [
    `${size(dataset.learners)} learners, ${size(dataset.courses)} courses; ${size(dataset.train)} train and ` +
      `${size(dataset.test)} test interactions`,
    `${size(dataset.asked)} learners asked; protocol ${protocol}, clock ${clock}` +
      `${rounds > 1 ? `, ${rounds} fits` : ''}, k = ${k}, ranking the whole catalogue`,
    byModel(models, [
      [`HR@${k}`, 'hr', 4],
      [`NDCG@${k}`, 'ndcg', 4],
      ['recall', 'recall', 4],
      ['MRR', 'mrr', 4],
      ['prec.', 'precision', 4],
      ['train s', 'train_seconds', 1],
      ['p50 ms', 'recommend_ms_p50', 2],
      ['p99 ms', 'recommend_ms_p99', 2],
    ]),
    'Lists and scores',
    byModel(models, [
      ['HR debiased', 'hr_debiased', 4],
      ['coverage', 'coverage', 3],
      ['Gini', 'gini', 3],
      ['diversity', 'diversity', 3],
      ['novelty', 'novelty', 2],
      ['topics KL', 'topic_divergence', 3],
      ['ECE', 'ece', 4],
      ...(report.baselines
        ? ([
            ['RMSE', 'rmse', 4],
            ['MAE', 'mae', 4],
          ] as Column[])
        : []),
    ]),
    ...ratings(report),
    ...byGroup(models),
    ...intervals(report),
  ].join('\n');
}

function byModel(models: Report['models'], columns: readonly Column[]): string {
  return table(
    ['model', ...columns.map(([title]) => title)],
    Object.entries(models).map(([name, report]) => [
      name,
      ...columns.map(([, key, digits]) => number((report[key] as number | null | undefined) ?? null, digits)),
    ]),
  );
}

function ratings({ baselines }: Report): string[] {
  if (!baselines) return [];
  const errors = ({ rmse, mae }: { rmse: number | null; mae: number | null }): string =>
    `RMSE ${number(rmse, 4)}, MAE ${number(mae, 4)}`;
  return [
    `Ratings by the mean of all: ${errors(baselines.global_mean)}; with the bias of course and learner: ${errors(baselines.bias)}`,
  ];
}

/** A table a kind of group, without the stages: they change little from group to group. */
function byGroup(models: Report['models']): string[] {
  const shown = Object.entries(models).filter(([name]) => !name.includes('+'));
  const kinds = new Map<string, { key: string; title: string }[]>();
  for (const [key, { n }] of Object.entries(shown[0]?.[1].groups ?? {})) {
    // "target popularity low": the last word is the group, what stands before it its kind.
    const [, kind = 'learners new since the split', group] = /^(?:(.+) )?(\S+)$/.exec(key)!;
    kinds.set(kind, [...(kinds.get(kind) ?? []), { key, title: `${group} (${n})` }]);
  }
  return [...kinds].flatMap(([kind, groups]) => [
    `NDCG by ${kind} (how many)`,
    table(
      ['model', ...groups.map(({ title }) => title)],
      shown.map(([name, report]) => [name, ...groups.map(({ key }) => number(report.groups[key]?.ndcg ?? null, 4))]),
    ),
  ]);
}

function intervals({ models, bootstrap }: Report): string[] {
  if (!bootstrap) return [];
  const range = ([low, high]: readonly [number, number]): string => `${number(low, 4)} to ${number(high, 4)}`;
  const ahead = ({ mean, low, high, not_above_zero }: Difference): string[] => [
    number(mean, 4),
    range([low, high]),
    number(not_above_zero, 3),
  ];
  const shown = [`95 % intervals, ${bootstrap.draws} draws of the learners`];
  shown.push(
    table(
      ['model', 'HR', 'NDCG'],
      Object.entries(models).map(([name, { intervals: own }]) => [name, range(own!.hr), range(own!.ndcg)]),
    ),
  );
  if (bootstrap.pairs.length === 0) return shown;
  return [
    ...shown,
    'The hybrid less the best single model, learner by learner; the last column of each: share of draws in which it is not ahead',
    table(
      ['group', 'against', 'HR', 'interval', '≤ 0', 'NDCG', 'interval', '≤ 0'],
      bootstrap.pairs.map(({ group, n, against, hr, ndcg }) => [
        `${group} (${n})`,
        against,
        ...ahead(hr),
        ...ahead(ndcg),
      ]),
    ),
  ];
}

function number(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits);
}
