import { dryRun } from '../../../core/campaign/planning.ts';
import { parsePlan, type Plan } from '../../../core/campaign/plan.ts';
import { campaignPost, placesOf, type PostPlace } from '../../../core/campaign/post.ts';
import { campaignResults } from '../../../core/campaign/result/store.ts';
import { createCampaign, listCampaigns, stopCampaign, type Campaign } from '../../../core/campaign/store.ts';
import { communities, type Community } from '../../../core/campaign/community/store.ts';
import { findDraft, listDrafts, saveDraft, type Draft } from '../../../core/campaign/draft/store.ts';
import { momentText } from '../../../core/language/moment.ts';
import type { Press, Reply, Text } from '../../../core/language/reply.ts';
import { campaignStatus, stateName } from '../campaign-words.ts';
import type { Context } from '../context.ts';
import { isRefusal, managed } from '../managing.ts';
import { button, everywhere, named, say, text } from '../say.ts';
import { defineSkill } from '../skill.ts';

/** Campaigns and drafts in one answer. */
const LISTED = 15;
const SHOWN = 3;
/** Problems of a plan in one answer. */
const PROBLEMS = 10;

const verbs: Readonly<Record<string, string>> = {
  ...{ list: 'list', 列表: 'list', status: 'status', 状态: 'status', stop: 'stop', 停止: 'stop' },
  ...{ show: 'show', 查看: 'show', 'stop-now': 'stop-now', start: 'start' },
};

/** Coupon campaigns from a chat: the draft that is looked at is the one that starts, once, whoever presses. */
export const campaign = defineSkill({
  name: 'campaign',
  open: true,
  presses: {
    async campaign(context, press) {
      const manager = await managed(context);
      return isRefusal(manager) ? [manager] : carryOut(context, manager, press);
    },
  },
});

function carryOut(context: Context, manager: Community, { value = '' }: Press): Promise<Reply[]> {
  const { attachment } = context.turn;
  if (attachment) return attach(context, manager, attachment.content);
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(value.trim()) ?? [];
  switch (verbs[word.toLowerCase()]) {
    case 'list':
      return list(context);
    case 'status':
      return status(context, rest);
    case 'stop':
      return askStop(context, rest);
    case 'stop-now':
      return stop(context, rest);
    case 'start': {
      const [, version = '', name = ''] = /^(\S+)\s+(.*)$/s.exec(rest) ?? [];
      return start(context, manager, name, version);
    }
    case 'show':
      return rest === '' ? list(context) : show(context, manager, rest);
    default:
      return word === '' ? list(context) : show(context, manager, value.trim());
  }
}

// ── drafts ──────────────────────────────────────────────────────────────────

async function attach(context: Context, manager: Community, content: string): Promise<Reply[]> {
  let plan: unknown;
  try {
    plan = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch {
    return [say('campaign.not-json')];
  }
  const parsed = parsePlan(plan, context.now);
  if (!parsed.ok) return [problems(parsed.problems)];
  const draft = await saveDraft(context.services.db, parsed.plan.name, plan, context.now);
  return review(context, manager, draft);
}

async function show(context: Context, manager: Community, name: string): Promise<Reply[]> {
  const draft = await findDraft(context.services.db, name);
  if (draft) return review(context, manager, draft);
  const started = await campaignNamed(context, name);
  return started ? status(context, started.name) : [unknown(name)];
}

/** Whom a draft would reach, and the button that starts just this one. */
async function review(context: Context, manager: Community, draft: Draft, changed = false): Promise<Reply[]> {
  const { services, now } = context;
  const ready = await readied(context, manager, draft);
  if (!ready.ok) return [ready.problem];
  const { plan, places } = ready;
  const counts = await dryRun(services, plan, now);
  const startNow: Press = { action: 'campaign', value: `start ${draft.version} ${draft.name}` };
  return [
    say(
      'campaign.review',
      {
        ...counts,
        waits: counts.waits ?? false,
        name: plan.name,
        percent: plan.offer.percent,
        limit: plan.offer.limit,
        expires: momentText(plan.offer.expires_at, context.timeZone),
        when: plan.send_at > now ? momentText(plan.send_at, context.timeZone) : '',
        posts: places.length,
        changed,
      },
      [[named('campaign-start', startNow), named('cancel', { action: 'cancel' })]],
    ),
  ];
}

type Ready = { ok: true; plan: Plan; places: PostPlace[] } | { ok: false; problem: Reply };

async function readied(context: Context, manager: Community, draft: Draft): Promise<Ready> {
  const { services, turn, now } = context;
  if (await campaignNamed(context, draft.name))
    return { ok: false, problem: say('campaign.exists', { name: draft.name }) };
  const parsed = parsePlan(draft.plan, now);
  if (!parsed.ok) return { ok: false, problem: problems(parsed.problems) };
  const thread = turn.group?.thread;
  const here = { community: manager, ...(thread !== undefined && { thread }) };
  const all = parsed.plan.post ? await communities(services.db.pool) : [];
  const resolved = placesOf(parsed.plan, all, here);
  if (!resolved.ok) return { ok: false, problem: problems(resolved.problems) };
  return { ok: true, plan: parsed.plan, places: resolved.places };
}

async function start(context: Context, manager: Community, name: string, version: string): Promise<Reply[]> {
  const { services, now } = context;
  const draft = await findDraft(services.db, name);
  if (!draft) return (await campaignNamed(context, name)) ? [say('campaign.exists', { name })] : [unknown(name)];
  if (draft.version !== version) return review(context, manager, draft, true);
  const ready = await readied(context, manager, draft);
  if (!ready.ok) return [ready.problem];
  const made = await createCampaign(services.db, ready.plan, now, {
    posts: (created) => ready.places.map((place) => campaignPost(created, place, services.timeZone)),
    draft,
  });
  if (!made.ok) return [say('campaign.exists', { name: draft.name })];
  const { sendAt } = made.campaign;
  const when = sendAt > now ? momentText(sendAt, context.timeZone) : '';
  return [say('campaign.started', { name: draft.name, when, posts: ready.places.length }, [standing(draft.name)])];
}

const standing = (name: string) => [
  named('campaign-status', { action: 'campaign', value: `status ${name}` }),
  named('campaign-stop', { action: 'campaign', value: `stop ${name}` }),
];

function problems(all: readonly string[]): Reply {
  return say('campaign.problems', { problems: all.slice(0, PROBLEMS), more: Math.max(0, all.length - PROBLEMS) });
}

// ── campaigns ───────────────────────────────────────────────────────────────

async function list({ services }: Context): Promise<Reply[]> {
  const [drafts, started] = await Promise.all([listDrafts(services.db), listCampaigns(services.db)]);
  const lines = started
    .slice(0, LISTED)
    .map((each): Text => text('campaign.line', { name: each.name, state: stateName(each.status) }));
  return [
    say(
      'campaign.list',
      { lines, drafts: drafts.length },
      drafts
        .slice(0, LISTED)
        .map(({ name }) => [button({ action: 'campaign', value: `show ${name}` }, everywhere(name))]),
    ),
  ];
}

async function status(context: Context, name: string): Promise<Reply[]> {
  const { services } = context;
  const wanted = name === '' ? undefined : await campaignNamed(context, name);
  if (name !== '' && !wanted) return [unknown(name)];
  const results = await campaignResults(services.db, {
    currency: services.currency,
    ...(wanted && { name: wanted.name }),
  });
  if (results.length === 0) return list(context);
  return results.slice(0, SHOWN).map((result) => campaignStatus(result, context.timeZone));
}

async function askStop(context: Context, name: string): Promise<Reply[]> {
  const going = await campaignNamed(context, name);
  if (!going) return [unknown(name)];
  if (!isGoing(going)) return [say('campaign.stopped-already', { name: going.name, state: stateName(going.status) })];
  const confirm: Press = { action: 'campaign', value: `stop-now ${going.name}` };
  return [
    say('campaign.ask-stop', { name: going.name }, [
      [named('campaign-stop-now', confirm), named('cancel', { action: 'cancel' })],
    ]),
  ];
}

async function stop(context: Context, name: string): Promise<Reply[]> {
  const going = await campaignNamed(context, name);
  if (!going) return [unknown(name)];
  const unsent = await stopCampaign(context.services.db, going.name, context.now);
  if (unsent === undefined)
    return [say('campaign.stopped-already', { name: going.name, state: stateName(going.status) })];
  return [say('campaign.stopped', { name: going.name, count: unsent })];
}

async function campaignNamed({ services }: Context, name: string): Promise<Campaign | undefined> {
  const all = await listCampaigns(services.db);
  return all.find((each) => each.name === name) ?? all.find((each) => each.name.toLowerCase() === name.toLowerCase());
}

const isGoing = ({ status: state }: Campaign): boolean => state !== 'done' && state !== 'stopped';

const unknown = (name: string): Reply =>
  say('campaign.unknown-name', { name: name.slice(0, 80) }, [
    [named('campaigns', { action: 'campaign', value: 'list' })],
  ]);
