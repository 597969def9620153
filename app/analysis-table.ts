import type { Analysis, GroupAnalysis } from '../core/insight/analysis.ts';
import { targets } from '../core/insight/behaviour-model/targets.ts';
import { targetNames } from './forecast-table.ts';
import { stages } from '../core/insight/stage.ts';
import { amount, table } from './terminal.ts';

/** An analysis as tables for a terminal. */
export function analysisTable({ since, until, period, groups, outlook }: Analysis): string {
  if (groups.length === 0) return 'There are no learners yet: import some (coursebell import --help).';
  const window = since === null ? `up to ${until}` : `from ${since} to ${until}`;
  const parts = groups.map((group) => groupTables(group, window, period));
  return [...parts, ...(outlook ? [outlookTable(outlook)] : [])].join('\n\n');
}

/** What is foretold, by stage, and how good it proved. */
function outlookTable({ metrics, stages: found }: NonNullable<Analysis['outlook']>): string {
  const columns = stages.flatMap((stage) => found.filter((one) => one.stage === stage));
  const share = (value: number | undefined) => (value === undefined ? '–' : percent(value));
  const rows = targets.map((target) => {
    const result = metrics[target];
    const auc = result.trained ? result.metrics.test.model.auc.toFixed(3) : '–';
    return [targetNames[target], ...columns.map(({ mean }) => share(mean[target])), auc];
  });
  return table(
    ['foretold on average', ...columns.map(({ stage }) => stage), 'AUC in its test'],
    [['learners', ...columns.map(({ learners }) => learners), ''], ...rows],
  );
}

function groupTables(group: GroupAnalysis, window: string, period: string): string {
  const name = group.simulated ? 'Simulated learners (made by the sample, not people)' : 'Learners';
  const parts = [`${name}: ${group.learners}, ${group.events} events, ${window}`];
  const { money } = group;

  parts.push(
    table(
      ['stage', 'learners', 'share'],
      Object.entries(group.stages).map(([stage, n]) => [stage, n, percent(n / group.learners)]),
    ),
  );
  parts.push(
    table(
      ['funnel', 'learners', 'of the step before'],
      group.funnel.map((row) => [row.step, row.learners, row.conversion === null ? '–' : percent(row.conversion)]),
    ),
  );
  if (money.currency !== null) {
    const spent = Object.entries(money.spent).map(([currency, minor]) => amount(minor, currency));
    parts.push(
      `${money.buyers} bought, for ${spent.join(' + ')} after refunds`,
      table(
        ['buyers by recency and value', 'buyers', 'spent'],
        Object.entries(money.groups).map(([key, { buyers, spentMinor }]) => [
          key,
          buyers,
          amount(spentMinor, money.currency!),
        ]),
      ),
    );
  }
  if (group.cohorts.length > 0) {
    const offsets = group.retention.slice(1).map((_, index) => `+${index + 1}`);
    const rows = group.cohorts.map(({ start, learners, active }) => [start, learners, ...active.slice(1).map(percent)]);
    const filled = rows.map((row) => [...row, ...Array<string>(offsets.length + 2 - row.length).fill('')]);
    const size = group.cohorts.reduce((sum, { learners }) => sum + learners, 0);
    parts.push(
      table(
        [`active again, by first ${period}`, 'learners', ...offsets],
        [...filled, ['all', size, ...group.retention.slice(1).map(percent)]],
      ),
    );
  }
  return parts.join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
