import { describe, expect, it } from 'vitest';
import { opeTable } from '../../app/ope-table.ts';
import { estimateOffPolicy, type EstimateOptions } from '../../core/evaluate/ope/estimate.ts';
import type { OpeReport } from '../../core/evaluate/ope/ope.ts';

const none = { withoutPropensity: 0, tooYoung: 0, gone: 0, notRebuilt: 0 };
const empty: OpeReport = {
  ...{ source: 'database', reward: 'view', impressions: 0, certain: 0, policies: [], left: none },
  contexts: { confirmed: 0, unconfirmed: 0 },
};

/** @param rewards each of a learner of its own, logged with a chance of a half, certain for the candidate. */
function policy(name: string, rewards: readonly number[], options: EstimateOptions = { seed: 1 }) {
  const every = (value: number) => Float64Array.from(rewards, () => value);
  const logged = { cluster: Int32Array.from(rewards.keys()), reward: Float64Array.from(rewards) };
  return {
    policy: name,
    before: 0,
    ...estimateOffPolicy({ ...logged, propensity: every(0.5), candidate: every(1) }, options),
  };
}

describe('the table of an off-policy evaluation', () => {
  it('has a column for each policy, in 100 columns', () => {
    const policies = ['champion (12)', 'popular', 'uniform'].map((name) => policy(name, [1, 0, 1, 1]));
    const lines = opeTable({ ...empty, impressions: 4, policies }).split('\n');
    expect(lines[1]!.length).toBeLessThanOrEqual(100);
    expect(lines.find((line) => line.includes('champion'))).toMatch(/champion \(12\) │ +popular │ +uniform/);
    expect(lines.find((line) => line.startsWith('│ ESS'))).toMatch(/│ +4 │ +4 │ +4 │/);
  });

  it('says nothing of a policy that no impression is left for', () => {
    const policies = [policy('version 2', [], { seed: 1, clip: 5 }), policy('uniform', [1], { seed: 1, clip: 1 })];
    const text = opeTable({ ...empty, impressions: 1, policies: [{ ...policies[0]!, before: 1 }, policies[1]!] });
    expect(text).not.toContain('NaN');
    expect(text).toContain('version 2: 1 impression left out');
    expect(text).toContain('uniform: worth 1 impression; too few');
  });

  it('says why nothing can be estimated, and what to do', () => {
    expect(opeTable(empty)).toContain('no impression of this --list');
    const young = opeTable({ ...empty, left: { ...none, tooYoung: 5, withoutPropensity: 9 } });
    expect(young).toContain('fewer --days');
    expect(young).toContain('agreed to recording');
    expect(young).not.toContain('│');
  });
});
