import type { TargetMetrics } from '../core/insight/behaviour-model/learn.ts';
import type { StoredMetrics, StoredResult } from '../core/insight/behaviour-model/store.ts';
import { horizonDays, targets, type Target } from '../core/insight/behaviour-model/targets.ts';
import type { Window } from '../core/insight/behaviour-model/train.ts';
import { table } from './terminal.ts';

/** What is foretold, in words. */
export const targetNames: Record<Target, string> = {
  return: `back within ${horizonDays.return} days`,
  buy: `buys within ${horizonDays.buy} days`,
  complete: `completes within ${horizonDays.complete} days`,
  lapse: `gone for ${horizonDays.lapse} days`,
};

/** How a behaviour model was measured, as a table for a terminal. */
export function forecastTable({ data, metrics }: { data: Window; metrics: StoredMetrics }): string {
  const day = (time: string | null) => time?.slice(0, 10) ?? '?';
  const number = (value: number) => value.toLocaleString('en');
  const parts = [
    `${number(data.events)} events of ${number(data.learners)} learners from ${day(data.from)} to ${day(data.to)}, looked at ${number(data.moments)} times`,
  ];
  const measured = targets.flatMap((target) => {
    const result = metrics[target];
    return result.trained ? [{ target, metrics: result.metrics }] : [];
  });
  if (measured.length > 0) {
    parts.push(
      table(
        ['test window', 'moments', 'happened', 'by', 'AUC', 'log-loss', 'Brier', 'ECE'],
        measured.flatMap(({ target, metrics }) => rowsOf(target, metrics)),
        ['left', 'right', 'right', 'left', 'right', 'right', 'right', 'right'],
      ),
      measured.map(({ target, metrics }) => chosenLine(target, metrics)).join('\n'),
    );
  }
  const lacking = targets.flatMap((target) => lackLine(target, metrics[target]));
  if (lacking.length > 0) parts.push(lacking.join('\n'));
  return parts.join('\n\n');
}

function rowsOf(target: Target, { windows, test }: TargetMetrics): (string | number)[][] {
  const figures = [
    ['model', test.model],
    ['recency–frequency', test.recencyFrequency],
    ['base rate', test.baseRate],
  ] as const;
  return figures.map(([by, { auc, logLoss, brier, ece }], at) => [
    at === 0 ? targetNames[target] : '',
    at === 0 ? windows.test.moments : '',
    at === 0 ? `${(100 * windows.test.rate).toFixed(1)} %` : '',
    by,
    ...[auc, logLoss, brier, ece].map((figure) => figure.toFixed(4)),
  ]);
}

function chosenLine(target: Target, { windows, chosen, interval, useful, telling }: TargetMetrics): string {
  const { learning, calibration } = chosen;
  const how =
    learning.kind === 'boosted' ? `boosting, ${learning.trees} trees` : `logistic regression, penalty ${learning.l2}`;
  const calibrated = { none: 'without calibration', platt: 'Platt scaling', isotonic: 'isotonic calibration' };
  const [low, high] = interval.aucGain;
  const use = telling
    ? 'used'
    : useful
      ? 'used for segments, told to nobody'
      : 'not used: no better than the base rate';
  const test = `${windows.test.from.slice(0, 10)} to ${windows.test.to.slice(0, 10)}`;
  return (
    `${targetNames[target]}: ${how}, ${calibrated[calibration]} (chosen on the window before the test of ${test}); ` +
    `AUC over recency–frequency ${signed(low)} to ${signed(high)} (95 %); ${use}`
  );
}

function lackLine(target: Target, result: StoredResult): string[] {
  if (result.trained) return [];
  const { why, moments, happened } = result;
  const reason = {
    'few-moments': `only ${moments} moments in one of the windows`,
    seldom: `it happened after ${happened} of ${moments} moments of one window`,
    'nearly-always': `it happened after ${happened} of ${moments} moments of one window`,
  }[why];
  return [`${targetNames[target]}: not learned, ${reason}`];
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
