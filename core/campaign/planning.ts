import { setImmediate } from 'node:timers/promises';
import type { Database } from '../../prisma/connect.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { learnerStates } from '../interest/store.ts';
import type { LearnerState } from '../interest/state.ts';
import { silent, type Progress } from '../numerics/progress.ts';
import type { Recommender } from '../recommend/slate.ts';
import { armOf } from './assignment.ts';
import { forecasterFor, inAudience } from './audience.ts';
import { needsCourse, offerKey, offerMessage } from './offer.ts';
import type { Plan } from './plan.ts';
import { isPushTime, pushKey, pushMessage, SAME_COURSE_DAYS } from './push.ts';
import { writeMessages } from './message/store.ts';
import { contactable, learnerCount, prospects, shownCourses, takenKeys, type Prospect } from './prospect/store.ts';
import { closeCampaigns, dueCampaigns, newCodes, writePage, type Campaign, type Member } from './store.ts';
import { suggest } from './suggest.ts';

export interface Planning {
  db: Database;
  catalogue: Pick<Catalogue, 'get'>;
  /** The champion, or undefined while no model is trained. */
  recommender: () => Recommender | undefined;
  /** Zone of learners whose own is not known. */
  defaultTimeZone: string;
}

const PAGE = 200;
const DAY = 86_400_000;

// ── campaigns ───────────────────────────────────────────────────────────────

/**
 * Plans the campaigns whose time has come, page by page, and closes those that are through. Stopped
 * half-way, the next call goes on at the cursor; two at once share the pages and double none.
 *
 * @returns messages written.
 */
export async function planCampaigns(planning: Planning, now: Date): Promise<number> {
  let written = 0;
  for (const campaign of await dueCampaigns(planning.db, now)) written += await planCampaign(planning, campaign, now);
  await closeCampaigns(planning.db, now);
  return written;
}

async function planCampaign(planning: Planning, campaign: Campaign, now: Date): Promise<number> {
  let written = 0;
  for (let cursor = campaign.cursor; ;) {
    const recommender = planning.recommender();
    // Words that name a course wait for the first model; others need none.
    if (!recommender && needsCourse(campaign.plan)) return written;
    const forecaster = await forecasterFor(planning.db, campaign.plan, now);
    // A rule that asks the behaviour model waits for one that can tell.
    if (!forecaster) return written;
    const page = await prospects(planning.db, { after: cursor, limit: PAGE, contactable: true });
    const states = await statesOf(planning.db, page);
    const forecasts = await forecaster(page.map(({ id }) => id));
    const members: Member[] = [];
    for (const prospect of page) {
      const state = states.get(prospect.id);
      const known = { state, forecast: forecasts.get(prospect.id), now };
      if (inAudience(planning.catalogue, campaign.plan, prospect, known))
        members.push(memberOf(planning, recommender, campaign, prospect, state, now));
      // Scoring is work of milliseconds for each: let a chat have its turn between two.
      await setImmediate();
    }
    const next = page.length < PAGE ? null : page.at(-1)!.id;
    const result = await writePage(planning.db, { ...campaign, cursor }, members, next, now);
    if (result === 'moved') return written;
    written += members.filter((member) => member.coupon).length;
    if (result === 'end') return written;
    cursor = next;
  }
}

function memberOf(
  planning: Planning,
  recommender: Recommender | undefined,
  campaign: Campaign,
  prospect: Prospect,
  state: LearnerState | undefined,
  now: Date,
): Member {
  const learnerId = prospect.id;
  const { plan } = campaign;
  if (armOf(plan.name, learnerId, plan.holdout) === 'holdout') return { learnerId, arm: 'holdout' };
  const suggestion =
    recommender &&
    suggest(recommender, planning.catalogue, prospect, state, {
      list: 'campaign',
      seed: [offerKey(campaign.id, learnerId)],
      now,
      explore: false,
      // A discount on nothing is none.
      accept: (course) => (course.priceMinor ?? 0) > 0,
    });
  if (!suggestion && needsCourse(plan)) return { learnerId, arm: 'treatment', excluded: 'no-course' };
  const [code] = newCodes(1) as [string];
  const message = offerMessage(campaign, prospect, code, suggestion, now, planning.defaultTimeZone);
  return { learnerId, arm: 'treatment', coupon: { code, message } };
}

/** What a plan would do if it started now. */
export interface DryRun {
  /** The rule asks what the behaviour model can not tell (yet): nobody is named, and the campaign would wait. */
  waits?: true;
  /** Learners whom the rule names, simulated ones apart. */
  audience: number;
  /** … of these, who agreed to messages, … */
  consenting: number;
  /** … and can be reached. */
  reachable: number;
  heldOut: number;
  /** Codes that would be issued: what the limit allows. */
  codes: number;
  /** Simulated learners whom the rule names; they are never sent to. */
  simulated: number;
}

/** Counts what a plan would do, writing nothing. Codes of people for whom no course is found are counted too. */
export async function dryRun(
  planning: Pick<Planning, 'db' | 'catalogue'>,
  plan: Plan,
  now: Date,
  progress: Progress = silent,
): Promise<DryRun> {
  const total = await learnerCount(planning.db);
  let seen = 0;

  const counts: DryRun = { audience: 0, consenting: 0, reachable: 0, heldOut: 0, codes: 0, simulated: 0 };
  const forecaster = await forecasterFor(planning.db, plan, now);
  if (!forecaster) return { ...counts, waits: true };
  for (let cursor: string | null = null; ;) {
    const page: Prospect[] = await prospects(planning.db, { after: cursor, limit: PAGE, contactable: false });
    const states = await statesOf(planning.db, page);
    const forecasts = await forecaster(page.map(({ id }) => id));
    for (const prospect of page) {
      // A simulated person never agrees to anything: they are counted by what they do.
      const asked = prospect.simulated ? { ...prospect, recording: true, personalised: true } : prospect;
      const known = { state: states.get(prospect.id), forecast: forecasts.get(prospect.id), now };
      if (!inAudience(planning.catalogue, plan, asked, known)) continue;
      if (prospect.simulated) counts.simulated++;
      else count(prospect);
    }
    seen += page.length;
    progress('Counting the audience', Math.min(1, seen / Math.max(1, total)));
    if (page.length < PAGE) return counts;
    cursor = page.at(-1)!.id;
  }

  function count(prospect: Prospect) {
    counts.audience++;
    if (!prospect.messages) return;
    counts.consenting++;
    if (!prospect.reachable) return;
    counts.reachable++;
    // Planning ends with the last code, for both arms.
    if (counts.codes >= plan.offer.limit) return;
    if (armOf(plan.name, prospect.id, plan.holdout) === 'holdout') counts.heldOut++;
    else counts.codes++;
  }
}

// ── daily pushes ────────────────────────────────────────────────────────────

/**
 * Writes the day's push of every consenting learner whose own hour has come and who has none yet
 * today. Called again, at once or later that day, it writes nothing twice.
 *
 * @param options.learnerIds only these, whatever the hour; `anyHour`: everybody, whatever the hour.
 * @returns messages written.
 */
export async function planPushes(
  planning: Planning,
  now: Date,
  { learnerIds, anyHour = false }: { learnerIds?: readonly string[]; anyHour?: boolean } = {},
): Promise<number> {
  if (learnerIds) return pushPage(planning, await contactable(planning.db, learnerIds), now);
  let written = 0;
  for (let cursor: string | null = null; ;) {
    const page: Prospect[] = await prospects(planning.db, { after: cursor, limit: PAGE, contactable: true });
    const due = anyHour ? page : page.filter((prospect) => isPushTime(prospect, now, planning.defaultTimeZone));
    written += await pushPage(planning, due, now);
    if (page.length < PAGE) return written;
    cursor = page.at(-1)!.id;
  }
}

async function pushPage(planning: Planning, page: readonly Prospect[], now: Date): Promise<number> {
  const { db, catalogue, defaultTimeZone } = planning;
  const recommender = planning.recommender();
  if (!recommender || page.length === 0) return 0;
  const keyOf = (prospect: Prospect) => pushKey(prospect, now, defaultTimeZone);
  const taken = await takenKeys(db, page.map(keyOf));
  const open = page.filter((prospect) => !taken.has(keyOf(prospect)));
  const states = await statesOf(db, open);
  const shown = await shownCourses(
    db,
    open.map(({ id }) => id),
    new Date(now.getTime() - SAME_COURSE_DAYS * DAY),
  );
  const messages = [];
  for (const prospect of open) {
    const suggestion = suggest(recommender, catalogue, prospect, states.get(prospect.id), {
      list: 'push',
      seed: [keyOf(prospect)],
      now,
      explore: true,
      exclude: shown.get(prospect.id) ?? [],
    });
    if (suggestion)
      messages.push(pushMessage(prospect, suggestion.slate, suggestion.item, suggestion.course, now, defaultTimeZone));
    await setImmediate();
  }
  return (await writeMessages(db.pool, messages, now)).size;
}

/** States by learner; the state of somebody without any behaviour is empty, not absent. */
function statesOf(db: Database, page: readonly Prospect[]): Promise<Map<string, LearnerState>> {
  return learnerStates(
    db,
    page.map(({ id }) => id),
  );
}
