import type { Interval } from '../core/numerics/bootstrap.ts';
import type { Figures } from '../core/recommend/registry/measure.ts';
import { GROWTH, STALE_DAYS, UNKNOWN_SHARE, type Decision } from '../core/recommend/registry/promotion.ts';
import type { Version } from '../core/recommend/registry/store.ts';
import { minute, table } from './terminal.ts';

/** Every version on a line, the newest first. */
export function modelsText(versions: readonly Version[]): string {
  if (versions.length === 0) return 'There is no model version yet: coursebell train';
  return table(
    ['version', 'status', 'trained (UTC)', 'data until', 'events', 'MB', 'HR@10', 'NDCG@10 (95 %)', 'why'],
    versions.map((version) => {
      const { number, status, createdAt, data, size, metrics } = version;
      const figures = metrics.validation;
      return [
        number,
        status,
        minute(createdAt),
        day(data.to),
        data.events,
        size > 0 ? (size / 1e6).toFixed(1) : '-',
        figures ? figures.hr10.toFixed(3) : '-',
        figures ? ndcg(figures) : '-',
        shortReason(version),
      ];
    }),
    ['right', 'left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
  );
}

/** All that is known of one version. */
export function versionText(version: Version): string {
  const { number, id, status, data, metrics, config, createdAt, promotedAt, size } = version;
  const renewed = data.renewedTo ? `; its counts know what came until ${day(data.renewedTo)}` : '';
  const lines = [
    `Version ${number} (${id}): ${status}`,
    `Trained   ${minute(createdAt)} UTC${promotedAt ? `, champion from ${minute(promotedAt)}` : ''}`,
    ...dataLines(version, renewed),
    `Kept      ${size > 0 ? `${(size / 1e6).toFixed(1)} MB` : 'its figures; the model itself is not kept any more'}`,
    `Config    ${JSON.stringify(config)}`,
    ...measuredLines(metrics.validation),
    ...(metrics.leftOut ?? []).map(({ name, why }) => `Left out  ${name}: ${why}`),
    `Decision  ${reason(version)}`,
  ];
  return lines.join('\n');
}

/** What it learned from, on two lines. */
export function dataLines({ data }: Version, more = ''): string[] {
  const count = (value: number) => value.toLocaleString('en');
  return [
    `Data      ${count(data.events)} events from ${day(data.from)} to ${day(data.to)}${more}`,
    `          ${count(data.learners)} learners, ${count(data.courses)} courses, ${count(data.interactions)} pairs`,
  ];
}

/** How it did, beside popularity. */
export function measuredLines(validation: Version['metrics']['validation']): string[] {
  if (!validation) return [];
  const { window, learners, popular } = validation;
  const asked = window === 'newest' ? 'the newest courses' : 'held-out last courses';
  return [
    `Measured  HR@10 ${validation.hr10.toFixed(3)}, NDCG@10 ${ndcg(validation)} on ${asked} of ${learners.toLocaleString('en')} learners`,
    `          (by popularity alone: ${popular.hr10.toFixed(3)}, ${ndcg(popular)})`,
  ];
}

/** Why a version serves or does not, in words, with the figures. */
export function reason(version: Version): string {
  const { decision, metrics } = version;
  const [trained, byHand] = [decision.rule && because(decision as Decision, metrics.fault), decision.byHand];
  if (!byHand) return trained ?? 'not recorded';
  const from = byHand.from === null ? '' : ` from version ${byHand.from}`;
  const acts = {
    promoted: `promoted by hand${from}`,
    'rolled-back-to': `back by a rollback${from}`,
    'rolled-back': 'taken back by a rollback',
  };
  const note = byHand.note === null ? '' : `: "${byHand.note}"`;
  return `${acts[byHand.action]} on ${minute(new Date(byHand.at))} UTC${note}${trained ? `. At training: ${trained}` : ''}`;
}

function shortReason({ decision }: Version): string {
  if (decision.byHand)
    return decision.byHand.action.replaceAll('-', ' ') + (decision.byHand.note ? `: ${decision.byHand.note}` : '');
  const { rule, comparison } = decision;
  if (!rule) return '-';
  return comparison ? `${rule} (${signed(comparison.difference)})` : rule;
}

function because(decision: Decision, fault: string | undefined): string {
  const { rule, champion, comparison, stale, staleness } = decision;
  const against = `version ${champion}`;
  const figures =
    comparison &&
    ` (NDCG@10 ${comparison.challenger.ndcg10.toFixed(3)} against ${comparison.champion.ndcg10.toFixed(3)}, ` +
      `difference ${signed(comparison.difference)}, ${comparison.questions.toLocaleString('en')} questions)`;
  const behind = stale.map((what) => {
    if (what === 'days')
      return `the data goes ${staleness?.days?.toFixed(0)} days beyond its own (${STALE_DAYS} are enough)`;
    if (what === 'unknown')
      return `${percent(staleness?.unknown)} of what came since is on courses that it does not know (${percent(UNKNOWN_SHARE)} are enough)`;
    return `there are ${staleness?.growth.toFixed(2)} times the events it learned from (${GROWTH} times, or as much fewer, are enough)`;
  });
  switch (rule) {
    case 'first':
      return 'promoted: nothing served before it';
    case 'better':
      return `promoted: better than ${against} beyond noise${figures}`;
    case 'worse':
      return `not promoted: worse than ${against} beyond noise${figures}`;
    case 'equal':
      return `not promoted: no better than ${against} beyond noise${figures}; that one stays, its counts brought up to date`;
    case 'stale':
      return `promoted: as good as ${against}${figures}, which has fallen behind: ${behind.join('; ')}`;
    case 'too-few':
      return `promoted: too little is new to hold it against ${against}, so the newer one serves`;
    case 'held':
      return `not promoted: not shown to be better than ${against}${figures ?? ''}, which was put in place by hand`;
    case 'unreadable':
      return `promoted: ${against} can not be read`;
    case 'below-popular':
      return 'not promoted: popularity alone does better, beyond noise';
    case 'unmeasured':
      return 'not promoted: it was not measured';
    case 'overtaken':
      return `not promoted: the champion changed while it was trained (it was held against ${champion === null ? 'none' : against})`;
    case 'unfit':
      return `not fit to serve: ${fault}`;
  }
}

function ndcg({ ndcg10, ndcg10Interval: [low, high] }: Figures): string {
  return `${ndcg10.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
}

function signed({ mean, low, high }: Interval): string {
  const one = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
  return `${one(mean)}, ${one(low)} to ${one(high)}`;
}

function percent(share: number | null | undefined): string {
  return `${((share ?? 0) * 100).toFixed(0)} %`;
}

function day(time: string | null): string {
  return time?.slice(0, 10) ?? '?';
}
