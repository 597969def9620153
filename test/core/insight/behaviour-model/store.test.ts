import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Person, fixtureServices } from '../../../bots/conversation/chat.ts';
import { fixtureCourses } from '../../../bots/conversation/courses.ts';
import type { Services } from '../../../../bots/conversation/services.ts';
import { eventKey } from '../../../../core/behaviour/key.ts';
import { recordEvents } from '../../../../core/behaviour/store.ts';
import { parsePlan } from '../../../../core/campaign/plan.ts';
import { dryRun } from '../../../../core/campaign/planning.ts';
import type { BehaviourModel } from '../../../../core/insight/behaviour-model/model.ts';
import type { Past } from '../../../../core/insight/behaviour-model/past.ts';
import {
  currentMetrics,
  currentModel,
  forecastsOf,
  loadPasts,
  pastOf,
  storeModel,
} from '../../../../core/insight/behaviour-model/store.ts';
import { trainOn } from '../../../../core/insight/behaviour-model/train.ts';
import { trainBehaviourModel } from '../../../../core/insight/behaviour-model/worker.ts';
import { setConsent } from '../../../../core/learner/store.ts';
import { silent } from '../../../../core/numerics/progress.ts';
import { exportLearner } from '../../../../core/privacy/export.ts';
import { testDatabase } from '../../../setup/database.ts';
import { community, DAY, deed, past, START } from './world.ts';

const db = testDatabase();
const now = new Date(START + 239 * DAY);
const options = { seed: 1, defaultZone: 'UTC' };
const pasts = community(250, 240, 4);
let services: Services;
let trained: ReturnType<typeof trainOn> & { model: BehaviourModel };

beforeAll(async () => {
  services = await fixtureServices(db, (line) => expect.fail(line));
  const { model, ...rest } = trainOn(pasts, options, silent);
  trained = { ...rest, model: model! };
});
beforeEach(async () => {
  await db.pool.query('truncate learners, events, behaviour_models cascade');
});

let told = 0;
async function record(learnerId: string, { deeds }: Pick<Past, 'deeds'>): Promise<void> {
  const events = deeds.map(({ at, type, value, channel }) => ({
    ...{ learnerId, type, value, channel, courseId: fixtureCourses[0]!.id, occurredAt: new Date(at) },
    idempotencyKey: eventKey('behaviour-model', String(told++)),
    circumstances: {},
  }));
  await recordEvents(db, events);
}

async function learner(own: Pick<Past, 'deeds'>, data: Record<string, unknown> = {}): Promise<string> {
  const { id } = await db.prisma.learner.create({ data: { recording: true, ...data } });
  await record(id, own);
  return id;
}

const keen = past([
  deed(200),
  deed(204),
  deed(207),
  deed(210),
  deed(214, 'save'),
  deed(238, 'view'),
  deed(238.9, 'save'),
]);
const cold = past([deed(190), deed(200)]);

test('a training in a thread stores a model that every process finds, and nobody is in it', async () => {
  const ids = new Map<string, string>();
  for (const one of pasts.slice(0, 150)) ids.set(one.id, await learner(one));
  const { id, data, metrics } = await trainBehaviourModel(db, { ...options, progress: silent });
  expect(data).toMatchObject({ learners: 150 });
  expect(metrics.return.trained).toBe(true);
  const model = (await currentModel(db))!;
  expect(model.targets).toContain('return');
  expect(await currentModel(db)).toBe(model);
  expect(await currentMetrics(db)).toMatchObject({ data, metrics });
  const row = await db.prisma.behaviourModel.findUniqueOrThrow({ where: { id: id! } });
  const kept = Buffer.from(row.artefact).toString('latin1') + JSON.stringify([row.data, row.metrics]);
  for (const learnerId of ids.values()) expect(kept).not.toContain(learnerId);
});

test('with too little data nothing is stored', async () => {
  await learner(keen);
  const { id, metrics } = await trainBehaviourModel(db, { ...options, progress: silent });
  expect(id).toBeNull();
  expect(metrics.return).toMatchObject({ trained: false, why: 'few-moments' });
  expect(await currentModel(db)).toBeUndefined();
});

test('who refused recording or personalisation is neither learned from nor looked at; an import is no refusal', async () => {
  const willing = await learner(keen);
  const imported = await learner(keen, { recording: false });
  const general = await learner(keen, { personalised: false });
  const refused = await learner(keen);
  const consent = { learnerId: refused, kind: 'recording', channel: 'web', wording: '1', at: now } as const;
  await setConsent(db, { ...consent, granted: false });
  // An inviter who refused is not looked at through the invited either.
  await db.prisma.referral.create({ data: { referredId: willing, referrerId: refused, at: new Date(START) } });
  expect(new Set((await loadPasts(db, silent)).map(({ id }) => id))).toEqual(new Set([willing, imported]));
  expect(await pastOf(db, willing, now)).toMatchObject({ invitedAt: START, inviter: undefined });
  const all = [willing, imported, general, refused];
  expect(new Set((await forecastsOf(db, trained.model, all, now)).keys())).toEqual(new Set([willing, imported]));
  const exported = JSON.stringify(await exportLearner(db, willing));
  expect(exported).toContain(fixtureCourses[0]!.id);
});

test('forecasts read the log until the asked moment, and what cleaning set aside not at all', async () => {
  const id = await learner(keen);
  const before = (await forecastsOf(db, trained.model, [id], now)).get(id);
  await record(id, past([deed(239.5, 'purchase')]));
  await record(id, past([deed(238, 'search')]));
  await db.pool.query(`update events set set_aside = 'robot' where type = 'search'`);
  expect((await forecastsOf(db, trained.model, [id], now)).get(id)).toEqual(before);
  expect(before).toEqual(trained.model.forecast(keen, now.getTime()));
});

describe('audiences', () => {
  const plan = (audience: unknown) => {
    const parsed = parsePlan(
      { name: 'x', audience, offer: { percent: 10, expires_at: '2027-03-01', limit: 9 }, text: { en: '{{ code }}' } },
      now,
    );
    if (!parsed.ok) throw new Error(parsed.problems.join('; '));
    return parsed.plan;
  };
  const count = async (audience: unknown) => dryRun(services, plan(audience), now);

  test('are chosen by probabilities, and nobody without consent or forecast is', async () => {
    await storeModel(db, trained);
    await learner(keen);
    await learner(cold);
    await learner(past([deed(0)]));
    await learner(keen, { personalised: false });
    await learner(keen, { recording: false });
    const [high, low] = [keen, cold].map((one) => trained.model.forecast(one, now.getTime())!.return!);
    const between = (high! + low!) / 2;
    expect(high).toBeGreaterThan(low!);
    expect((await count({ likely: { return: { atLeast: between } } })).audience).toBe(1);
    expect((await count({ likely: { return: { atMost: between } } })).audience).toBe(1);
    expect((await count({ likely: { return: { atLeast: 0 } } })).audience).toBe(2);
    expect((await count({ not: { likely: { return: { atLeast: between } } } })).audience).toBe(2);
    expect((await count({ likely: { return: { atLeast: between }, lapse: { atLeast: 1 } } })).audience).toBe(0);
  });

  test('that ask what no model can tell wait', async () => {
    await learner(keen);
    expect(await count({ not: { likely: { lapse: { atLeast: 0.5 } } } })).toMatchObject({ waits: true, audience: 0 });
    expect(await count({ everyone: true })).not.toHaveProperty('waits');
  });

  test.each([
    [{}, 'say what'],
    [{ leave: { atLeast: 0.5 } }, 'audience.likely.leave: unknown key'],
    [{ return: {} }, 'give atLeast, atMost, or both'],
    [{ return: { atLeast: 2 } }, 'audience.likely.return.atLeast'],
    [{ return: { atLeast: 0.9, atMost: 0.1 } }, 'atLeast must not be above atMost'],
  ])('%j is refused', (likely, problem) => {
    expect(() => plan({ likely })).toThrow(problem);
  });
});

describe('the profile', () => {
  async function meet(language: 'en' | 'zh'): Promise<Person> {
    const person = await Person.arrive(services, language);
    await person.presses('consent||recording:on');
    await record(person.id, keen);
    person.now = now;
    return person;
  }
  const percentOf = async ({ id, now }: Person) => {
    const at = now.getTime();
    return Math.min(
      99,
      Math.round(100 * trained.model.explain('return', (await pastOf(db, id, new Date(at)))!, at)!.probability),
    );
  };

  test('says how likely a return is, and why, in both languages', async () => {
    await storeModel(db, trained);
    const ann = await meet('en');
    const said = await ann.says('my profile');
    expect(said).toContain(`Likely to come back this week: ${await percentOf(ann)}%, because `);
    expect(said).toMatch(/because (you (are|were|have|began|looked|saved)|one message).*, and you .*\./);
    const mei = await meet('zh');
    expect(await mei.says('我的画像')).toMatch(
      new RegExp(`本周再来的可能性：${await percentOf(mei)}%，因为.*(你|我).*，而且.*。`),
    );
  });

  test('says nothing without a model that is good enough, or to who wants nothing personal', async () => {
    const ann = await meet('en');
    expect(await ann.says('my profile')).not.toContain('come back this week');
    await storeModel(db, trained);
    expect(await ann.says('my profile')).toContain('come back this week');
    await db.prisma.learner.update({ where: { id: ann.id }, data: { personalised: false } });
    expect(await ann.says('my profile')).not.toContain('come back this week');
    await db.prisma.learner.update({ where: { id: ann.id }, data: { personalised: true } });
  });
});
