import { Option, type Command } from 'commander';

interface Options {
  since?: string;
  until?: string;
  period: 'week' | 'month';
  periods: string;
  json?: boolean;
}

export function registerAnalyse(program: Command): void {
  program
    .command('analyse')
    .description('Life-cycle stages, recency–frequency–money, funnel and retention of the community')
    .option('--since <time>', 'funnel and cohorts from this time on (ISO 8601, UTC); default: all there is')
    .option('--until <time>', 'as the community stood at this time (ISO 8601, UTC); default: now')
    .addOption(new Option('--period <period>', 'length of a cohort').choices(['week', 'month']).default('month'))
    .option('--periods <n>', 'periods shown after the first of a cohort, 1 to 60', '6')
    .option('--json', 'print JSON, money in minor units')
    .action(async (options: Options) => {
      const { UserError } = await import('../explain.ts');
      const { parseInstant } = await import('../../core/numerics/instant.ts');
      const instant = (name: string, text: string) => {
        const time = parseInstant(text, { zone: 'UTC' });
        if (!time)
          throw new UserError(`--${name}: "${text}" is not a time; write it as 2026-01-31 or 2026-01-31T08:00:00Z`);
        return time;
      };
      const since = options.since === undefined ? undefined : instant('since', options.since);
      const until = options.until === undefined ? new Date() : instant('until', options.until);
      if (since && since > until) throw new UserError('--since must not be later than --until (or now)');
      const periods = Number(options.periods);
      if (!Number.isInteger(periods) || periods < 1 || periods > 60)
        throw new UserError(`--periods: "${options.periods}" is not a whole number from 1 to 60`);

      const { withDatabase } = await import('../database.ts');
      const { analyse } = await import('../../core/insight/analysis.ts');
      const { terminalProgress } = await import('../progress.ts');
      const analysis = await withDatabase((db, { currency }) =>
        analyse(db, { since, until, period: options.period, periods, currency }, terminalProgress()),
      );
      if (options.json) console.log(JSON.stringify(analysis, null, 2));
      else console.log((await import('../analysis-table.ts')).analysisTable(analysis));
    });
}
