import { historyGroups } from '../core/evaluate/groups.ts';
import type { RankMetrics } from '../core/evaluate/metrics.ts';
import type { ModelReport } from '../core/evaluate/scorecard.ts';
import type { Report } from '../core/evaluate/evaluate.ts';
import { table } from './terminal.ts';

/** The report of an evaluation for people. */
export function evaluationTable({ dataset, protocol, k, models }: Report): string {
  const { learners, courses, train, test } = dataset;
  const size = (count: number): string => count.toLocaleString('en');
  return [
    `${size(learners)} learners, ${size(courses)} courses; ${size(train)} train and ${size(test)} test interactions; ` +
      `protocol ${protocol}, k = ${k}, ranking the whole catalogue`,
    accuracy(models, k),
    'NDCG by length of history (learners asked)',
    byHistory(models),
  ].join('\n');
}

function accuracy(models: Report['models'], k: number): string {
  const rated = Object.values(models).some((report) => report.rmse !== undefined);
  const ranked = ['hr', 'ndcg', 'recall', 'mrr', 'precision'] satisfies (keyof RankMetrics)[];
  return table(
    [
      ...['model', `HR@${k}`, `NDCG@${k}`, `recall@${k}`, `MRR@${k}`, `precision@${k}`],
      ...['coverage', 'diversity', 'novelty', ...(rated ? ['RMSE', 'MAE'] : [])],
      ...['train s', 'ms p50', 'ms p99'],
    ],
    Object.entries(models).map(([name, report]) => [
      name,
      ...ranked.map((key) => number(report[key], 4)),
      number(report.coverage, 3),
      number(report.diversity, 3),
      number(report.novelty, 2),
      ...(rated ? [number(report.rmse ?? null, 4), number(report.mae ?? null, 4)] : []),
      number(report.train_seconds, 1),
      number(report.recommend_ms_p50, 2),
      number(report.recommend_ms_p99, 2),
    ]),
  );
}

function byHistory(models: Record<string, ModelReport>): string {
  const first = Object.values(models)[0];
  const groups = historyGroups.filter((group) => first?.by_history[group]);
  return table(
    ['model', ...groups.map((group) => `${group} (${first!.by_history[group]!.n})`)],
    Object.entries(models).map(([name, report]) => [
      name,
      ...groups.map((group) => number(report.by_history[group]?.ndcg ?? null, 4)),
    ]),
  );
}

function number(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits);
}
