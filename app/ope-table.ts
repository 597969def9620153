import type { Estimate, OffPolicy } from '../core/evaluate/ope/estimate.ts';
import type { OpeReport } from '../core/evaluate/ope/ope.ts';
import { table } from './terminal.ts';

/** Below it the figures of a candidate hang on a few impressions. */
const TOO_FEW = 100;
/** A mean weight whose interval ends below it leaves choices of the candidate unseen. */
const FULL = 0.95;

/** A row a figure: with their intervals they are too wide to stand beside each other. */
const rows: readonly [name: string, of: (one: OffPolicy) => string | number][] = [
  ['n', ({ n }) => n],
  ['overlap', ({ overlap }) => percent(overlap)],
  ['support', ({ support }) => support.value.toFixed(2)],
  ['ESS', ({ effective }) => effective.toFixed(0)],
  ['max w', ({ maxWeight }) => maxWeight.toFixed(1)],
  ['clipped', ({ clipped }) => percent(clipped.share)],
  ['logged', ({ logged }) => shown(logged)],
  ['IPS', ({ ips }) => shown(ips)],
  ['SNIPS', ({ snips }) => shown(snips)],
  ['DR', ({ dr }) => shown(dr)],
  ['gain', ({ gain }) => shown(gain, true)],
];

/** What other policies would have earned, for people. */
export function opeTable(report: OpeReport): string {
  const { policies, reward, certain } = report;
  const lines = [head(report)];
  if (report.impressions === 0) return [...lines, ...lacking(report)].join('\n');
  lines.push(
    table(
      ['', ...policies.map(({ policy }) => policy)],
      rows.map(([name, of]) => [name, ...policies.map((one) => (one.n === 0 && name !== 'n' ? '–' : of(one)))]),
    ),
  );
  const intervals = policies[0]?.intervals === 'bootstrap' ? 'resampled learners' : 'the sandwich variance by learner';
  lines.push(
    `Reward (${reward}) an impression, 95 % intervals from ${intervals}; gain: DR (else SNIPS) less logged, same impressions`,
  );
  for (const { policy, n, clipped } of policies) {
    if (n === 0 || clipped.limit === null || clipped.share === 0) continue;
    const dr = clipped.dr === null ? '' : `, of DR about ${number(clipped.dr)}`;
    lines.push(`${policy}: weights end at ${clipped.limit}; that moves IPS by about ${number(clipped.ips)}${dr}`);
  }
  if (certain === 1) {
    lines.push(
      'The logged policy left nothing to chance: every propensity is 1. Nothing can be learned about courses that it did not show;',
      'overlap says how often a candidate would have shown the same. Explore (recommend.explore) to learn more.',
    );
    return lines.join('\n');
  }
  for (const { policy, n, effective, support, before } of policies) {
    if (before > 0)
      lines.push(`${policy}: ${counted(before, 'impression')} left out, from before the end of what it learned from`);
    if (n > 0 && effective < TOO_FEW)
      lines.push(`${policy}: worth ${counted(Math.round(effective), 'impression')}; too few to go by`);
    if (n > 0 && (support.high ?? support.value) < FULL)
      lines.push(
        `${policy}: about ${percent(1 - support.value)} of its choices were never made by the logged policy; IPS counts them as 0, DR by its model alone`,
      );
  }
  return lines.join('\n');
}

function head({ source, impressions, contexts, left }: OpeReport): string {
  if (source === 'file') return `${impressions} impressions`;
  const lines = [
    `${impressions} impressions; contexts confirmed by the version that made them: ${contexts.confirmed} slates, unconfirmed: ${contexts.unconfirmed}`,
  ];
  const reasons = [
    [left.withoutPropensity, 'impressions without a propensity'],
    [left.tooYoung, 'impressions whose days for a reward are not over'],
    [left.gone, 'slates with a course that left the catalogue'],
    [left.notRebuilt, 'slates whose context could not be rebuilt'],
  ] as const;
  const out = reasons.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (out.length > 0) lines.push(`Left out: ${out.join('; ')}`);
  return lines.join('\n');
}

/** Why there is nothing to estimate from, and what to do. */
function lacking({ source, left }: OpeReport): string[] {
  const lines = ['Nothing can be estimated.'];
  if (source === 'file') return lines;
  if (left.tooYoung > 0)
    lines.push('What was shown counts when the days in which it can be rewarded are over: wait, or take fewer --days.');
  if (left.withoutPropensity > 0)
    lines.push(
      'Propensities are logged when Coursebell shows courses to learners who agreed to recording; what was',
      'imported or simulated has none.',
    );
  if (Object.values(left).every((count) => count === 0))
    lines.push('The log has no impression of this --list from --since to --until.');
  return lines;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function shown(estimate: Estimate | null, signed = false): string {
  if (!estimate) return '–';
  const { value, low, high } = estimate;
  const sign = signed && value >= 0 ? '+' : '';
  return low === null || high === null
    ? `${sign}${number(value)}`
    : `${sign}${number(value)} [${number(low)}, ${number(high)}]`;
}

function number(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(4);
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(0)} %` : '–';
}
