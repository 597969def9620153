/** What two accounts of one person become. */

import { consentKinds, type ConsentKind } from '../../learner/learner.ts';

/** One account as it stands before. */
export interface Account {
  id: string;
  createdAt: Date;
  /** Whether the seller knows it by an id of theirs. */
  known: boolean;
  simulated: boolean;
  language: string | null;
  goal: string | null;
  level: string | null;
  occupation: string | null;
  timeZone: string | null;
  joinedAt: Date | null;
  attributes: Record<string, unknown>;
  declaredTopics: string[];
  personalised: boolean;
  pushHour: number;
  quietFrom: number;
  quietTo: number;
  messageTopics: string[];
  onboardedAt: Date | null;
  reminderHour: number | null;
  referralCode: string | null;
  /** The newest decision of each kind, where there is one. */
  decisions: Partial<Record<ConsentKind, { granted: boolean; at: Date; id: bigint }>>;
}

/** The account that stays, and the one that goes into it: the seller's stays, else the older. */
export function survivor(one: Account, other: Account): { keep: Account; gone: Account } {
  const first =
    one.known !== other.known
      ? one.known
      : (one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1)) < 0;
  return first ? { keep: one, gone: other } : { keep: other, gone: one };
}

/** As the database sets it where nobody has chosen. */
const UNCHOSEN = { pushHour: 19, quietFrom: 22, quietTo: 8 };

export type Merged = ReturnType<typeof merged>;

/** Preferences of the account that stays, filled from the other where it has none; of consents the newest decision. */
export function merged(keep: Account, gone: Account) {
  const [keepsReminder, goneReminder] = [!refusesMessages(gone), !refusesMessages(keep)];
  const quiet = keep.quietFrom === UNCHOSEN.quietFrom && keep.quietTo === UNCHOSEN.quietTo ? gone : keep;
  return {
    language: keep.language ?? gone.language,
    goal: keep.goal ?? gone.goal,
    level: keep.level ?? gone.level,
    occupation: keep.occupation ?? gone.occupation,
    timeZone: keep.timeZone ?? gone.timeZone,
    joinedAt: earlier(keep.joinedAt, gone.joinedAt),
    createdAt: earlier(keep.createdAt, gone.createdAt)!,
    attributes: { ...gone.attributes, ...keep.attributes },
    declaredTopics: keep.declaredTopics.length > 0 ? keep.declaredTopics : gone.declaredTopics,
    pushHour: keep.pushHour === UNCHOSEN.pushHour ? gone.pushHour : keep.pushHour,
    quietFrom: quiet.quietFrom,
    quietTo: quiet.quietTo,
    messageTopics: keep.messageTopics.length > 0 ? keep.messageTopics : gone.messageTopics,
    onboardedAt: keep.onboardedAt ?? gone.onboardedAt,
    reminderHour: (keepsReminder ? keep.reminderHour : null) ?? (goneReminder ? gone.reminderHour : null),
    referralCode: keep.referralCode ?? gone.referralCode,
    ...consents(keep, gone),
  };
}

/** Whether the person, as the one account, said that they want no messages: then the other sends none either. */
export function refusesMessages({ decisions }: Account): boolean {
  return decisions.messages?.granted === false;
}

function consents(keep: Account, gone: Account): Record<ConsentKind, boolean> {
  // Personalised answers are the one thing that holds until it is refused.
  const undecided = { recording: false, messages: false, personalised: keep.personalised && gone.personalised };
  const decided = consentKinds.map((kind) => {
    const [newest] = [keep.decisions[kind], gone.decisions[kind]]
      .filter((decision) => decision !== undefined)
      .sort((a, b) => b.at.getTime() - a.at.getTime() || (b.id > a.id ? 1 : -1));
    return [kind, newest?.granted ?? undecided[kind]];
  });
  return Object.fromEntries(decided) as Record<ConsentKind, boolean>;
}

function earlier(one: Date | null, other: Date | null): Date | null {
  if (!one || !other) return one ?? other;
  return one < other ? one : other;
}

/** One account's place in a campaign, with its coupon of it. */
export interface CampaignPlace {
  campaignId: string;
  learnerId: string;
  arm: 'treatment' | 'holdout' | null;
  /** Got the message, or is getting it. */
  sent: boolean;
  coupon: boolean;
  redeemed: boolean;
  /** Being paid with at this moment. */
  reserved: boolean;
}

/**
 * Of campaigns that have both accounts, the place that is not the person's any more. It is counted on
 * where it was, without the person, and its coupon is nobody's: of one offer a person has one code.
 * What was used stays theirs, then what they were told of.
 */
export function surplusPlaces(places: readonly CampaignPlace[], keepId: string): CampaignPlace[] {
  return places.filter((place) =>
    places.some((other) => other.campaignId === place.campaignId && rank(other) > rank(place)),
  );

  function rank({ redeemed, reserved, sent, coupon, arm, learnerId }: CampaignPlace): number {
    const reasons = [redeemed, reserved, sent, coupon, arm === 'treatment', learnerId === keepId];
    return reasons.reduce((sum, holds) => sum * 2 + Number(holds), 0);
  }
}

/** One message twice: what was planned for both accounts of a day or a campaign. */
export interface Twins {
  /** Of the account that goes. */
  goneId: string;
  goneStatus: string;
  /** The same of the account that stays. */
  keepId: string;
  keepStatus: string;
}

/** Messages that do not go out any more, because their twin went or will go. */
export function surplusMessages(twins: readonly Twins[]): string[] {
  return twins.flatMap(({ goneId, goneStatus, keepId, keepStatus }) => {
    if (waits(goneStatus)) return waits(keepStatus) || reached(keepStatus) ? [goneId] : [];
    return waits(keepStatus) && reached(goneStatus) ? [keepId] : [];
  });
}

const waits = (status: string) => status === 'pending' || status === 'queued';
const reached = (status: string) => status === 'sending' || status === 'sent';
