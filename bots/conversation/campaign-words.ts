/** How a campaign stands, put into words for a chat. */

import type { ArmResult, CampaignResult } from '../../core/campaign/result/store.ts';
import type { CampaignState } from '../../core/campaign/store.ts';
import { momentText } from '../../core/language/moment.ts';
import type { Localised, Reply, Text } from '../../core/language/reply.ts';
import { everywhere, named, say, text } from './say.ts';
import { joined, money } from './wording.ts';

export const stateName = (state: CampaignState): Text => text(`campaign.state.${state}`);

/** Sent, pressed, redeemed, bought and revenue, the held-out group beside it. */
export function campaignStatus(result: CampaignResult, zone: string): Reply {
  const { treatment, holdout } = result.arms;
  const waiting =
    (result.messages['pending'] ?? 0) + (result.messages['queued'] ?? 0) + (result.messages['sending'] ?? 0);
  const going = result.status !== 'done' && result.status !== 'stopped';
  return say(
    'campaign.status',
    {
      name: result.name,
      state: stateName(result.status),
      expires: momentText(result.expiresAt, zone),
      codes: result.codes,
      waiting,
      posts: result.posts['sent'] ?? 0,
      treatment: armLine(treatment),
      holdout: armLine(holdout),
    },
    [
      [
        named('campaign-refresh', { action: 'campaign', value: `status ${result.name}` }),
        ...(going ? [named('campaign-stop', { action: 'campaign', value: `stop ${result.name}` })] : []),
      ],
    ],
  );
}

function armLine(arm: ArmResult): Text {
  const { planned, sent, pressed, redeemed, bought } = arm;
  return text('campaign.arm', { planned, sent, pressed, redeemed, bought, revenue: revenue(arm.revenue) });
}

function revenue(byCurrency: Readonly<Record<string, number>>): Localised {
  const amounts = Object.entries(byCurrency).map(([currency, minor]) => money(minor, currency));
  return amounts.length > 0 ? joined(amounts, everywhere(' + ')) : everywhere('0');
}
