import type { DryRun } from '../core/campaign/planning.ts';
import type { Plan } from '../core/campaign/plan.ts';
import type { ArmResult, CampaignResult } from '../core/campaign/result/store.ts';
import { amount, minute, table } from './terminal.ts';

/** Whom a plan reaches. */
export function dryRunText(counts: DryRun, plan: Pick<Plan, 'offer'>): string {
  const limited = counts.reachable - counts.heldOut > counts.codes ? ` (the limit is ${plan.offer.limit})` : '';
  if (counts.waits)
    return 'The audience asks what the behaviour model can not tell yet: the campaign waits until it can (coursebell forecast)';
  return table(
    ['who', 'learners'],
    [
      ['audience', counts.audience],
      ['… who agreed to messages', counts.consenting],
      ['… and can be reached', counts.reachable],
      ['held out, to compare with', counts.heldOut],
      [`codes sent${limited}`, counts.codes],
      ['simulated learners in the audience, left out', counts.simulated],
    ],
  );
}

/** How campaigns stand, one after the other. */
export function statusText(results: readonly CampaignResult[]): string {
  if (results.length === 0) return 'There is no campaign yet: coursebell campaign start --help';
  return results.map(oneStatus).join('\n\n');
}

/** Every campaign on a line. */
export function listText(campaigns: readonly { name: string; status: string; sendAt: Date }[]): string {
  if (campaigns.length === 0) return 'There is no campaign yet: coursebell campaign start --help';
  return table(
    ['campaign', 'status', 'send_at (UTC)'],
    campaigns.map(({ name, status, sendAt }) => [name, status, minute(sendAt)]),
  );
}

/** Plans that wait, on a line each. */
export function draftsText(drafts: readonly { name: string; updatedAt: Date }[]): string {
  if (drafts.length === 0) return 'There is no draft: coursebell campaign save --help';
  return table(
    ['draft', 'written (UTC)'],
    drafts.map(({ name, updatedAt }) => [name, minute(updatedAt)]),
  );
}

function oneStatus(result: CampaignResult): string {
  const { treatment, holdout } = result.arms;
  const row = (name: string, value: (arm: ArmResult) => string | number) => [name, value(treatment), value(holdout)];
  const unsent = Object.entries(result.messages).filter(([status]) => status !== 'sent');
  const posts = Object.entries(result.posts);
  return [
    `${result.name}: ${result.status}, sent from ${minute(result.sendAt)}, offer until ${minute(result.expiresAt)} UTC`,
    table(
      ['', 'treatment', 'held out'],
      [
        row('planned', (arm) => arm.planned),
        row('sent', (arm) => arm.sent),
        row('pressed', (arm) => arm.pressed),
        row('redeemed', (arm) => arm.redeemed),
        row('bought', (arm) => arm.bought),
        row('revenue', (arm) => revenue(arm.revenue)),
        row('revenue per learner', (arm) => (arm.planned > 0 ? revenue(arm.revenue, arm.planned) : '–')),
      ],
    ),
    ...(unsent.length > 0
      ? [`Messages not sent: ${unsent.map(([status, count]) => `${count} ${status}`).join(', ')}`]
      : []),
    ...(posts.length > 0
      ? [`Posts to communities: ${posts.map(([status, count]) => `${count} ${status}`).join(', ')}`]
      : []),
    ...(result.excluded > 0 ? [`Without a message, as there was no course for them: ${result.excluded}`] : []),
  ].join('\n');
}

function revenue(byCurrency: Record<string, number>, learners = 1): string {
  const amounts = Object.entries(byCurrency).map(([currency, minor]) => amount(minor / learners, currency));
  return amounts.length > 0 ? amounts.join(' + ') : '0';
}
