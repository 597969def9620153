import { beforeAll, describe, expect, it } from 'vitest';
import { eventKey } from '../../../../core/behaviour/key.ts';
import type { NewEvent } from '../../../../core/behaviour/event.ts';
import { recordEvents } from '../../../../core/behaviour/store.ts';
import { evaluatePolicies, PolicyError, type OpeOptions } from '../../../../core/evaluate/ope/ope.ts';
import { emptyState, foldEvent } from '../../../../core/interest/state.ts';
import { createLearner, setConsent } from '../../../../core/learner/store.ts';
import { silent } from '../../../../core/numerics/progress.ts';
import { createRandom } from '../../../../core/numerics/random.ts';
import { fitContent, openArtefact, packArtefact } from '../../../../core/recommend/artefact.ts';
import { factsOf } from '../../../../core/recommend/facts.ts';
import { content } from '../../../../core/recommend/models/content.ts';
import { hybrid } from '../../../../core/recommend/models/hybrid.ts';
import { createRecommender, impressionEvents, type Recommender } from '../../../../core/recommend/recommender.ts';
import { trainingDataBuilder } from '../../../../core/recommend/training-data.ts';
import { testDatabase } from '../../../setup/database.ts';
import { behaviour, catalogue, DAY, now } from '../../recommend/community.ts';

const db = testDatabase();
const courses = catalogue(6);
const serving = { explore: 0.4, diversity: 0.3, calibration: 0.1, fit: true };
const LEARNERS = 25;
const SLATES = 4;

const options: OpeOptions = {
  policies: ['champion', 'popular', 'uniform'],
  serving,
  candidate: serving,
  list: 'recommend',
  reward: 'view',
  days: 2,
  since: undefined,
  until: new Date(now.getTime() + 20 * DAY),
  currency: 'CNY',
  seed: 1,
};

/** Slates as the service shows them to people who press what is about Excel, half of the time. */
async function live(recommender: Recommender): Promise<void> {
  const random = createRandom(11);
  for (let n = 0; n < LEARNERS; n++) {
    const learner = await createLearner(db, { language: 'en' });
    for (const kind of ['recording', 'personalised'] as const)
      await setConsent(db, { learnerId: learner.id, kind, granted: true, channel: 'web', wording: '1', at: now });
    const events: NewEvent[] = [];
    const state = emptyState();
    const record = (event: NewEvent) => foldEvent(state, (events.push(event), event));
    for (let slate = 0; slate < SLATES; slate++) {
      // "Show me others", a minute later, leaves out what was just shown.
      const more = slate === 2;
      const at = new Date(now.getTime() + (more ? 1 : slate) * DAY + (more ? 120_000 : n * 1000));
      const before = events.filter(({ type }) => type === 'impression').slice(-5);
      const made = recommender.recommend({
        state,
        language: 'en',
        declaredTopics: [],
        count: 5,
        now: at,
        list: 'recommend',
        ...(more && { exclude: before.map(({ courseId }) => courseId!) }),
        random,
      });
      const shown = impressionEvents(
        { ...made, id: eventKey('slate', String(n), String(slate)) },
        learner.id,
        'web',
        at,
      );
      shown.forEach(record);
      for (const { courseId, circumstances } of shown)
        if (courseId!.startsWith('excel') && random.next() < 0.5)
          record({
            idempotencyKey: eventKey('view', learner.id, circumstances.slate!, courseId!),
            learnerId: learner.id,
            courseId,
            type: 'view',
            value: null,
            occurredAt: new Date(at.getTime() + 30_000),
            channel: 'web',
            circumstances,
          });
    }
    await recordEvents(db, events);
  }
}

beforeAll(async () => {
  await db.prisma.course.createMany({ data: courses.map((course) => ({ ...course })) });
  const builder = trainingDataBuilder(courses.map(factsOf));
  for (const event of behaviour(courses, 60)) builder.add(event);
  const { dataset, taken, window } = builder.build();
  const model = await hybrid.fit(dataset, hybrid.config.parse({}), silent);
  const packed = packArtefact(model, dataset, taken);
  const { id } = await db.prisma.modelVersion.create({
    data: { status: 'champion', seed: 1, config: {}, data: { ...window }, artefact: new Uint8Array(packed) },
  });
  const { trained } = openArtefact(id, packed, (course) => {
    const found = courses.find((one) => one.id === course);
    return found && factsOf(found);
  });
  const about = content.load(fitContent(courses.map(factsOf)).save());
  await live(createRecommender({ courses, search: () => ({ search: () => [] }), content: about, trained, ...serving }));
}, 120_000);

describe('evaluatePolicies', () => {
  it('replays the champion to its own propensities, sessions included, and so to the logged average', async () => {
    const report = await evaluatePolicies(db, options, silent);
    expect(report.contexts).toEqual({ confirmed: LEARNERS * SLATES, unconfirmed: 0 });
    expect(report.left).toEqual({ withoutPropensity: 0, tooYoung: 0, gone: 0, notRebuilt: 0 });
    const [champion, popular, uniform] = report.policies;
    expect(champion).toMatchObject({ policy: 'champion (1)', n: LEARNERS * SLATES * 5, overlap: 1, before: 0 });
    expect(champion!.ips.value).toBeCloseTo(champion!.logged.value, 6);
    expect(champion!.logged.value).toBeGreaterThan(0.03);
    expect(champion!.dr!.value).toBeCloseTo(champion!.logged.value, 2);
    expect(popular!.overlap).toBeLessThan(0.7);
    // Every sixth course is about Excel, pressed half of the time: chance alone earns about .1.
    expect(uniform!.dr!.low!).toBeLessThan(0.13);
    expect(uniform!.dr!.high!).toBeGreaterThan(0.07);
  });

  it('knows nothing of what a certain policy did not show, and says so by overlap', async () => {
    const { policies } = await evaluatePolicies(
      db,
      { ...options, policies: ['champion'], candidate: { ...serving, explore: 0 } },
      silent,
    );
    // Two of five places explored: the ranking's course stands in its own place less often.
    expect(policies[0]!.overlap).toBeLessThan(0.6);
    expect(policies[0]!.effective).toBeLessThan(policies[0]!.n * policies[0]!.overlap + 1e-6);
  });

  it('leaves out what the version had learned from, and what is too young to judge', async () => {
    const until = new Date(now.getTime() + 3 * DAY);
    const young = await evaluatePolicies(db, { ...options, until }, silent);
    expect(young.left.tooYoung).toBeGreaterThan(0);
    await db.prisma.modelVersion.updateMany({
      data: { data: { to: new Date(now.getTime() + 1.5 * DAY).toISOString() } },
    });
    const [champion, popular] = (await evaluatePolicies(db, options, silent)).policies;
    expect(champion!.before).toBe(LEARNERS * 3 * 5);
    expect(champion!.n).toBe(LEARNERS * 5);
    expect(popular!.n).toBe(LEARNERS * SLATES * 5);
  });

  it('leaves out slates whose maker would not have made them so', async () => {
    const report = await evaluatePolicies(db, { ...options, serving: { ...serving, diversity: 0.95 } }, silent);
    expect(report.left.notRebuilt).toBeGreaterThan(LEARNERS);
    expect(report.contexts.confirmed).toBeLessThan(LEARNERS * SLATES);
  });

  it('names a version that is not there', async () => {
    await expect(evaluatePolicies(db, { ...options, policies: [7] }, silent)).rejects.toThrow(PolicyError);
  });
});
