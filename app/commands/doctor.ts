import type { Command } from 'commander';
import type { Finding } from '../../bots/bot.ts';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Look at settings, database, queue, models, tokens and permissions, and say what to do')
    .option('--json', 'print JSON only')
    .action(async ({ json }: { json?: boolean }) => {
      const { examine } = await import('../doctor.ts');
      const { checkTelegram } = await import('../../bots/telegram/check.ts');
      const { checkDiscord } = await import('../../bots/discord/check.ts');
      const { findings, ok } = await examine({
        platforms: { telegram: checkTelegram, discord: checkDiscord },
        log: (line) => process.stderr.write(`${line}\n`),
      });
      console.log(json ? JSON.stringify({ ok, findings }, null, 2) : findings.map(lines).join('\n'));
      if (!ok) process.exitCode = 1;
    });
}

const marks: Record<Finding['state'], string> = { ok: 'ok     ', warning: 'warning', wrong: 'WRONG  ', off: 'off    ' };

/** A finding, and what to do about it under it. */
function lines({ what, state, found, fix }: Finding): string {
  const [first, ...more] = found.split('\n');
  return [
    `${marks[state]}  ${what.padEnd(16)} ${first}`,
    ...[...more, ...(fix === undefined ? [] : [`→ ${fix}`])].map((line) => `${' '.repeat(26)}${line}`),
  ].join('\n');
}
