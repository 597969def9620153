import type { Tuned } from '../core/evaluate/tune/tune.ts';
import { adjustable } from '../core/recommend/hybrid/parts.ts';
import { settingsFile } from './settings.ts';
import { table } from './terminal.ts';

/** Settings shown that went furthest; the file has all. */
const SHOWN = 10;

/** What a search for settings found, for people. */
export function tuningTable({ model, config, why, defaults, window, rungs, trials, cutShort }: Tuned): string {
  const last = new Map(trials.map((entry) => [entry.trial, entry]));
  const ranked = [...last.values()]
    .filter(({ trial, ndcg }) => trial > 0 && ndcg !== null)
    .sort((a, b) => b.share - a.share || b.ndcg! - a.ndcg!);
  const failed = [...last.values()].filter(({ fault }) => fault !== undefined);
  return [
    `${model}: chosen by ${window}; NDCG@10 over the whole catalogue, on ${rungs.map((share) => `${Math.round(100 * share)} %`).join(', then ')} of the learners`,
    table(
      ['settings', 'learners', 'NDCG@10'],
      [
        ['defaults', '100 %', defaults.ndcg.toFixed(4)],
        ...ranked
          .slice(0, SHOWN)
          .map(({ settings, share, ndcg }) => [shown(settings), `${Math.round(100 * share)} %`, ndcg!.toFixed(4)]),
      ],
    ),
    ...(failed.length > 0 ? [`${failed.length} settings could not be fitted, such as: ${failed[0]!.fault}`] : []),
    ...(cutShort ? ['Time ended before all were tried; the same command with more --minutes goes on'] : []),
    why,
    `Recommended: ${Object.keys(config).length === 0 ? 'the defaults' : shown(config)}`,
    ...use(model, config),
  ].join('\n');
}

/** How the service trains with it. */
function use(model: string, config: Record<string, unknown>): string[] {
  if (Object.keys(config).length === 0 || !adjustable.some(({ name }) => name === model)) return [];
  const settings = { train: { config: { parts: { [model]: config } } } };
  return [`To train with it: ${JSON.stringify(settings)} in ${settingsFile}, then coursebell train`];
}

function shown(settings: Record<string, unknown>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ');
}
