import type { Database } from '../../prisma/connect.ts';
import { learnerStates } from '../interest/store.ts';
import { findLearner } from '../learner/store.ts';
import { armOf } from './assignment.ts';
import { forecasterFor, inAudience } from './audience.ts';
import { offerKey, type Suggestion } from './offer.ts';
import type { Planning } from './planning.ts';
import { campaignOf, newCodes, takePlace, type Campaign } from './store.ts';
import { suggest } from './suggest.ts';

/** What a campaign has for who came by its link. */
export type Joined =
  | {
      ok: true;
      campaign: Campaign;
      coupon: { code: string; percent: number; expiresAt: Date };
      /** The course it fits best; undefined while there is none. */
      suggestion: Suggestion | undefined;
      /** They had the code already. */
      repeated: boolean;
    }
  | { ok: false; error: JoinError };

/** 'not-for-you' is said alike to who is not in the audience and to who is held out, to compare with. */
export type JoinError =
  'campaign.unknown' | 'campaign.not-open' | 'campaign.over' | 'campaign.full' | 'campaign.not-for-you';

/**
 * Gives a learner who came by a campaign's link their own code. Who comes asks for it, so no consent to
 * messages is needed; audience, holdout, limit, expiry and one code a learner hold as for everybody.
 */
export async function joinCampaign(
  db: Database,
  { campaignId, learnerId, now, catalogue, recommender }: JoinRequest,
): Promise<Joined> {
  const campaign = await campaignOf(db, campaignId);
  if (!campaign) return refused('campaign.unknown');
  const { plan } = campaign;
  if (campaign.status === 'stopped' || plan.offer.expires_at <= now) return refused('campaign.over');
  if (campaign.sendAt > now) return refused('campaign.not-open');
  const learner = await findLearner(db, learnerId);
  if (!learner || learner.simulated) return refused('campaign.not-for-you');
  const state = (await learnerStates(db, [learner.id])).get(learner.id);
  const forecaster = await forecasterFor(db, plan, now);
  if (!forecaster) return refused('campaign.not-open');
  const forecast = (await forecaster([learner.id])).get(learner.id);
  if (!inAudience(catalogue, plan, learner, { state, forecast, now })) return refused('campaign.not-for-you');
  const arm = armOf(plan.name, learner.id, plan.holdout);
  const place = await takePlace(db, campaign, { learnerId: learner.id, arm, code: newCodes(1)[0]! }, now);
  if (place === 'stopped') return refused('campaign.over');
  if (place === 'full') return refused('campaign.full');
  if (place === 'held-out') return refused('campaign.not-for-you');
  const champion = recommender();
  const suggestion =
    champion &&
    suggest(champion, catalogue, learner, state, {
      list: 'campaign',
      seed: [offerKey(campaign.id, learner.id)],
      now,
      explore: false,
      accept: (course) => (course.priceMinor ?? 0) > 0,
    });
  return { ok: true, campaign, ...place, suggestion };
}

export interface JoinRequest extends Pick<Planning, 'catalogue' | 'recommender'> {
  campaignId: string;
  learnerId: string;
  now: Date;
}

const refused = (error: JoinError): Joined => ({ ok: false, error });
