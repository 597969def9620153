import type { Estimate } from '../core/evaluate/ope/estimate.ts';
import type { OpeReport } from '../core/evaluate/ope/ope.ts';
import { table } from './terminal.ts';

/** Below it the figures of a candidate hang on a few impressions. */
const TOO_FEW = 100;
/** A mean weight whose interval ends below it leaves choices of the candidate unseen. */
const FULL = 0.95;

/** What other policies would have earned, for people. */
export function opeTable(report: OpeReport): string {
  const { policies, reward, certain } = report;
  const lines = [head(report)];
  lines.push(
    table(
      ['policy', 'n', 'overlap', 'support', 'ESS', 'max w', 'clipped', 'logged', 'IPS', 'SNIPS', 'DR', 'gain'],
      policies.map((one) => [
        one.policy,
        one.n,
        percent(one.overlap),
        one.n === 0 ? '–' : one.support.value.toFixed(2),
        one.effective.toFixed(0),
        one.maxWeight.toFixed(1),
        percent(one.clipped.share),
        ...[one.logged, one.ips, one.snips, one.dr].map((estimate) => shown(one.n === 0 ? null : estimate)),
        shown(one.n === 0 ? null : one.gain, true),
      ]),
    ),
  );
  const intervals = policies[0]?.intervals === 'bootstrap' ? 'resampled learners' : 'the sandwich variance by learner';
  lines.push(
    `Reward (${reward}) an impression, 95 % intervals from ${intervals}; gain: DR (else SNIPS) less logged, same impressions`,
  );
  for (const { policy, clipped } of policies) {
    if (clipped.limit === null || clipped.share === 0) continue;
    const dr = clipped.dr === null ? '' : `, of DR about ${number(clipped.dr)}`;
    lines.push(`${policy}: weights end at ${clipped.limit}; that moves IPS by about ${number(clipped.ips)}${dr}`);
  }
  if (report.impressions > 0 && certain === 1) {
    lines.push(
      'The logged policy left nothing to chance: every propensity is 1. Nothing can be learned about courses that it did not show;',
      'overlap says how often a candidate would have shown the same. Explore (recommend.explore) to learn more.',
    );
    return lines.join('\n');
  }
  for (const { policy, n, effective, support, before } of policies) {
    if (before > 0)
      lines.push(`${policy}: ${before} impressions left out, from before the end of what it learned from`);
    if (n > 0 && effective < TOO_FEW)
      lines.push(`${policy}: worth ${effective.toFixed(0)} impressions; too few to go by`);
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
