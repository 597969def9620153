import { describe, expect, it } from 'vitest';
import { analysisTable } from '../../app/analysis-table.ts';
import type { Analysis, GroupAnalysis } from '../../core/insight/analysis.ts';
import { funnel } from '../../core/insight/funnel.ts';

const nobody = { buyers: 0, spentMinor: 0 };
const group: GroupAnalysis = {
  simulated: false,
  learners: 4,
  events: 20,
  stages: { new: 1, active: 1, paying: 2, 'at-risk': 0, lapsed: 0 },
  money: {
    buyers: 2,
    spent: { CNY: 19900, JPY: 500 },
    currency: 'CNY',
    cuts: null,
    groups: {
      champions: { buyers: 2, spentMinor: 19900 },
      loyal: nobody,
      promising: nobody,
      'needs-attention': nobody,
      'big-and-leaving': nobody,
      lost: nobody,
    },
  },
  funnel: funnel([{ steps: 0b11, learners: 4 }]),
  cohorts: [
    { start: '2026-01-01', learners: 3, active: [1, 2 / 3, 0] },
    { start: '2026-02-01', learners: 1, active: [1, 1] },
  ],
  retention: [1, 0.75, 0],
};
const analysis: Analysis = {
  since: null,
  until: '2026-03-15T00:00:00.000Z',
  period: 'month',
  groups: [group],
  outlook: null,
};

describe('the table of an analysis', () => {
  it('shows stages, funnel, money in major units, and cohorts', () => {
    const lines = analysisTable(analysis).split('\n');
    const row = (start: string) =>
      lines
        .find((line) => line.startsWith(`│ ${start}`))
        ?.split('│')
        .map((cell) => cell.trim())
        .slice(1, -1);
    expect(lines[0]).toBe('Learners: 4, 20 events, up to 2026-03-15T00:00:00.000Z');
    expect(row('paying')).toEqual(['paying', '2', '50.0 %']);
    expect(row('view')).toEqual(['view', '4', '100.0 %']);
    expect(lines).toContain('2 bought, for 199.00 CNY + 500 JPY after refunds');
    expect(row('2026-01-01')).toEqual(['2026-01-01', '3', '66.7 %', '0.0 %']);
    expect(row('2026-02-01')).toEqual(['2026-02-01', '1', '100.0 %', '']);
    expect(row('all')).toEqual(['all', '4', '75.0 %', '0.0 %']);
  });

  it('says which learners are simulated', () => {
    const text = analysisTable({ ...analysis, groups: [group, { ...group, simulated: true }] });
    expect(text).toContain('\n\nSimulated learners (made by the sample, not people): 4');
  });

  it('says what to do when there is nobody', () => {
    expect(analysisTable({ ...analysis, groups: [] })).toContain('coursebell import');
  });

  it('shows what is foretold of each stage, where there is a model', () => {
    const lacking = { trained: false, why: 'seldom', moments: 90, happened: 1 } as const;
    const metrics = { return: lacking, buy: lacking, complete: lacking, lapse: lacking };
    const stages = [
      { stage: 'lapsed' as const, learners: 3, mean: { return: 0.25 } },
      { stage: 'active' as const, learners: 2, mean: { return: 0.5 } },
    ];
    const text = analysisTable({ ...analysis, outlook: { metrics, stages } });
    expect(text).toMatch(/foretold on average +│ active │ lapsed │/);
    expect(text).toMatch(/learners +│ +2 │ +3 │/);
    expect(text).toMatch(/back within 7 days +│ +50\.0 % │ +25\.0 % │ +– │/);
  });
});
