import type { EventTypeName } from '../../behaviour/event-types.ts';
import { isActive } from '../../behaviour/track.ts';
import { localDay, localHour } from '../../learner/local-time.ts';
import { DAY, deedsUntil, lastActiveAt, SITTING, type Deed, type Past } from './past.ts';
import { completes } from './targets.ts';

/** Counts over the last 30 days, each of some types of event. */
const counted = {
  views: ['view', 'click'],
  searches: ['search'],
  saves: ['save'],
  taken: ['enrol', 'purchase'],
  progressed: ['progress'],
  completed: ['complete'],
  rated: ['rate', 'review'],
  shared: ['share'],
  dismissed: ['dismiss'],
  checkins: ['checkin'],
  replies: ['reply'],
  silences: ['silent'],
} as const satisfies Record<string, readonly EventTypeName[]>;

/** What the latest act may be: the current action. */
const acts = [
  'register',
  'view',
  'search',
  'save',
  'enrol',
  'purchase',
  'progress',
  'complete',
  'rate',
  'checkin',
] as const;
const channels = ['web', 'telegram', 'discord', 'import', 'api'] as const;
const lists = ['recommend', 'search', 'push', 'campaign'] as const;

/** Recency, frequency and age alone: the statistics that BG/NBD is sufficient in (Fader, Hardie and Lee 2005). */
export const recencyFrequency = ['idle', 'sittings', 'age'] as const;

const own = [
  'rate', 'missed', 'due', 'gap', 'gap.last', 'overdue', 'once', 'here',
  'days.7', 'days.30', 'days.90', 'events.sitting', 'events.30',
  'open', 'furthest', 'saved',
  'purchases', 'purchase.idle', 'completions', 'completion.idle', 'rating.last',
  'messages.answered', 'campaign.answered', 'muted',
  'arrived', 'community', 'morning', 'afternoon', 'evening', 'weekend',
  'invited', 'inviter.active',
] as const; // prettier-ignore

const names = [
  ...recencyFrequency,
  ...own,
  ...(Object.keys(counted) as (keyof typeof counted)[]).map((name) => `${name}.30` as const),
  ...acts.map((name) => `act.${name}` as const),
  ...channels.map((name) => `channel.${name}` as const),
  ...lists.map((name) => `list.${name}` as const),
];
export type Feature = (typeof names)[number];
export const featureNames: readonly Feature[] = names;

/** Place of each feature in a row. */
export const featureAt = Object.fromEntries(names.map((name, at) => [name, at])) as Record<Feature, number>;

const BUSY_DAYS = 30;

/**
 * A learner as they stood at `now` (ms), from deeds up to it alone. Counts and spans are logarithms
 * log(1 + x), spans in days; NaN is what there is not (no gap after one sitting, no purchase).
 *
 * @param defaultZone of learners whose zone is not known.
 */
export function featuresAt(past: Past, now: number, defaultZone: string): Float32Array {
  const row = new Float32Array(names.length);
  const set = (name: Feature, value: number) => (row[featureAt[name]] = value);
  const deeds = past.deeds.slice(0, deedsUntil(past.deeds, now));
  const active = deeds.filter(({ type }) => isActive(type));
  setRhythm(active, now, set);
  setCourses(deeds, now, set);
  setRecent(deeds, now, set);
  const last = active.at(-1);
  if (last) setAction(last, past, defaultZone, set);
  const invited = past.invitedAt !== null && past.invitedAt <= now;
  set('invited', Number(invited));
  const inviterAt = invited && past.inviter ? lastActiveAt(past.inviter, now) : undefined;
  set('inviter.active', Number(inviterAt !== undefined && now - inviterAt <= BUSY_DAYS * DAY));
  return row;
}

/** Days that the pace of somebody of whom nothing is known is spread over. */
const UNKNOWN_PACE_DAYS = 14;

type Set = (name: Feature, value: number) => void;

/** When they come: sittings, the gaps between them, days. */
function setRhythm(active: readonly Deed[], now: number, set: Set): void {
  const first = active[0]?.at ?? now;
  const last = active.at(-1)?.at ?? now;
  const begins: number[] = [];
  const days = new Set<number>();
  let inSitting = 0;
  active.forEach(({ at }, index) => {
    if (index === 0 || at - active[index - 1]!.at > SITTING) {
      begins.push(at);
      inSitting = 0;
    }
    inSitting++;
    days.add(Math.floor(at / DAY));
  });
  const gap = begins.length > 1 ? (begins.at(-1)! - begins[0]!) / (begins.length - 1) / DAY : NaN;
  const idle = (now - last) / DAY;
  set('idle', Math.log1p(idle));
  set('age', Math.log1p((now - first) / DAY));
  set('sittings', Math.log1p(begins.length));
  // Sittings a day, as if there had been one more in so many days more: after one sitting there is no pace yet.
  const rate = (begins.length + 1) / ((now - first) / DAY + UNKNOWN_PACE_DAYS);
  set('rate', Math.log(rate));
  set('missed', Math.log1p(rate * idle));
  set('due', Math.exp(-rate * 7));
  set('gap', Math.log1p(gap));
  set('gap.last', begins.length > 1 ? Math.log1p((begins.at(-1)! - begins.at(-2)!) / DAY) : NaN);
  set('overdue', Math.log1p(idle / gap));
  set('once', Number(begins.length <= 1));
  set('here', Number(now - last <= SITTING));
  for (const span of [7, 30, 90] as const) {
    const since = Math.floor((now - span * DAY) / DAY);
    let count = 0;
    for (const day of days) if (day > since) count++;
    set(`days.${span}`, Math.log1p(count));
  }
  set('events.sitting', Math.log1p(inSitting));
}

/** What they have and how far they are with it. */
function setCourses(deeds: readonly Deed[], now: number, set: Set): void {
  const open = new Map<string, number>();
  const saved = new Set<string>();
  const completed = new Set<string>();
  let purchases = 0;
  let boughtAt = NaN;
  let completedAt = NaN;
  let rating = NaN;
  for (const deed of deeds) {
    const { at, type, courseId, value } = deed;
    if (courseId === null) continue;
    if (type === 'purchase') {
      purchases++;
      boughtAt = at;
    }
    if (type === 'purchase' || type === 'enrol' || type === 'progress')
      open.set(courseId, Math.max(open.get(courseId) ?? 0, type === 'progress' ? (value ?? 0) : 0));
    if (type === 'refund') open.delete(courseId);
    if (completes(deed)) {
      if (!completed.has(courseId)) completedAt = at;
      completed.add(courseId);
    }
    if (type === 'rate' && value !== null) rating = value;
    if (type === 'save') saved.add(courseId);
    if (type === 'unsave' || type === 'purchase' || type === 'enrol') saved.delete(courseId);
  }
  for (const courseId of completed) open.delete(courseId);
  set('open', Math.log1p(open.size));
  set('furthest', Math.max(0, ...open.values()));
  set('saved', Math.log1p(saved.size));
  set('purchases', Math.log1p(purchases));
  set('purchase.idle', Math.log1p((now - boughtAt) / DAY));
  set('completions', Math.log1p(completed.size));
  set('completion.idle', Math.log1p((now - completedAt) / DAY));
  set('rating.last', rating);
}

/** What the last 30 days held. */
function setRecent(deeds: readonly Deed[], now: number, set: Set): void {
  const since = now - BUSY_DAYS * DAY;
  const counts = new Map<EventTypeName, number>();
  let events = 0;
  let answered = 0;
  let byCampaign = 0;
  let muted = false;
  for (const { at, type, message, campaign } of deeds) {
    if (type === 'mute' || type === 'block') muted = true;
    if (type === 'unmute') muted = false;
    if (at <= since) continue;
    counts.set(type, (counts.get(type) ?? 0) + 1);
    if (!isActive(type)) continue;
    events++;
    if (message) answered++;
    if (campaign) byCampaign++;
  }
  for (const [name, types] of Object.entries(counted) as [keyof typeof counted, readonly EventTypeName[]][])
    set(`${name}.30`, Math.log1p(types.reduce((sum, type) => sum + (counts.get(type) ?? 0), 0)));
  set('events.30', Math.log1p(events));
  set('messages.answered', Math.log1p(answered));
  set('campaign.answered', Math.log1p(byCampaign));
  set('muted', Number(muted));
}

/** The latest act and what stood around it. */
function setAction(last: Deed, { timeZone }: Past, defaultZone: string, set: Set): void {
  for (const act of acts) set(`act.${act}`, Number(last.type === act));
  for (const channel of channels) set(`channel.${channel}`, Number(last.channel === channel));
  for (const list of lists) set(`list.${list}`, Number(last.list === list));
  set('arrived', Number(last.arrived));
  set('community', Number(last.community));
  const at = new Date(last.at);
  const hour = localHour({ timeZone }, at, defaultZone);
  set('morning', Number(hour >= 5 && hour < 12));
  set('afternoon', Number(hour >= 12 && hour < 18));
  set('evening', Number(hour >= 18));
  const weekday = new Date(localDay({ timeZone }, at, defaultZone)).getUTCDay();
  set('weekend', Number(weekday === 0 || weekday === 6));
}
