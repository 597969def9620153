import { describe, expect, it } from 'vitest';
import { eventWeight } from '../../../core/behaviour/event-types.ts';
import { courseTitle, type Course } from '../../../core/catalogue/course.ts';
import { languages, type Localised, type Text } from '../../../core/language/reply.ts';
import { render } from '../../../core/language/render.ts';
import { topicName } from '../../../core/language/topic-name.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { reasonOf, similarReason } from '../../../core/recommend/reasons.ts';
import type { Request, SlateItem } from '../../../core/recommend/slate.ts';
import type { TrainingEvent } from '../../../core/recommend/training-data.ts';
import {
  behaviour,
  catalogue,
  DAY,
  event,
  eventsOfOne,
  now,
  recommenderOf,
  search,
  stateAfter,
  topics,
} from './community.ts';

const courses = catalogue();
const events = behaviour(courses);
const recommender = await recommenderOf(courses, events, { explore: 0.2 });
const byTitle = new Map(courses.map((each) => [each.title, each]));
const byId = new Map(courses.map((each) => [each.id, each]));

/** What a claim is checked against: the raw events, folded by nobody. */
interface World {
  own: readonly TrainingEvent[];
  declared: readonly string[];
  request: Pick<Request, 'topics'>;
}

type Claim = SlateItem & { reason: { key: string; args?: Readonly<Record<string, unknown>> } };

/** Whether the sentence is true, by the raw events alone. */
function isTrue({ courseId, source, reason }: Claim, { own: done, declared, request }: World): boolean {
  const own = done.filter((each) => each.courseId !== null);
  const item = byId.get(courseId)!;
  const named = byTitle.get((reason.args?.['course'] as Localised | undefined)?.en ?? '');
  const topic = topics.find((each) => topicName(each).en === (reason.args?.['topic'] as Localised | undefined)?.en);
  const did = (type: string) => own.filter((each) => each.courseId === named?.id && each.type === type);
  const lastOf = (list: readonly TrainingEvent[]) => list.toSorted((a, b) => +a.occurredAt - +b.occurredAt).at(-1);
  const liked = (lastOf(did('rate'))?.value ?? 0) >= 0.75;
  const ofTopic = topic !== undefined && item.topics.includes(topic);
  const myTopics = new Set(
    own.filter(({ type, value }) => eventWeight(type, value) > 0).flatMap(({ courseId: id }) => byId.get(id!)!.topics),
  );
  switch (reason.key) {
    case 'reason.finished':
      return did('complete').length > 0 || did('progress').some(({ value }) => value === 1);
    case 'reason.rated':
      return liked;
    case 'reason.together':
      return liked && fansWhoTook(named!.id, courseId) >= 3;
    case 'reason.began':
      return did('progress').some(({ value }) => value! > 0);
    case 'reason.owned':
      return did('purchase').length > 0 && lastOf([...did('purchase'), ...did('refund')])!.type === 'purchase';
    case 'reason.saved':
      return did('save').length > 0;
    case 'reason.viewed':
      return did('view').length > 0;
    case 'reason.searched': {
      const query = reason.args?.['query'] as string;
      const written = `${item.title} ${item.description}`.toLowerCase();
      return done.some(({ circumstances }) => circumstances.query === query) && written.includes(query);
    }
    case 'reason.interested':
      return own.some((each) => each.courseId === named?.id && eventWeight(each.type, each.value) > 0);
    case 'reason.week':
    case 'reason.week-topic':
      return (reason.key === 'reason.week' || ofTopic) && leads(item, topic, new Date(+now - (+now % DAY) - 6 * DAY));
    case 'reason.popular':
    case 'reason.popular-topic':
      return (reason.key === 'reason.popular' || ofTopic) && leads(item, topic, new Date(0));
    case 'reason.interest':
      return ofTopic && myTopics.has(topic);
    case 'reason.declared':
      return ofTopic && declared.includes(topic);
    case 'reason.asked':
      return ofTopic && (request.topics ?? []).includes(topic);
    case 'reason.different':
      return source === 'explore' && ofTopic && ![...myTopics, ...declared].some((mine) => item.topics.includes(mine));
    case 'reason.chance':
      return source === 'explore';
    case 'reason.alike':
      return source === 'user-knn' && someoneAlikeTook(own, courseId);
    case 'reason.history':
      return own.some(({ type, value }) => eventWeight(type, value) > 0);
    case 'reason.topic':
      return ofTopic;
    case 'reason.catalogue':
      return true;
    default:
      throw new Error(`No check for ${reason.key}`);
  }
}

function fansWhoTook(liked: string, id: string): number {
  const rating = new Map<string, number>();
  for (const each of events)
    if (each.courseId === liked && each.type === 'rate') rating.set(each.learnerId, each.value!);
  const takers = events.filter(
    (each) => each.courseId === id && ['purchase', 'progress', 'complete', 'rate'].includes(each.type),
  );
  return new Set(takers.map(({ learnerId }) => learnerId).filter((learner) => (rating.get(learner) ?? 0) >= 0.75)).size;
}

/** First sign of interest of each learner who is on balance drawn to a course: learner → time. */
const drawn = new Map<string, Map<string, number>>();
for (const { id } of courses) {
  const sums = new Map<string, { sum: number; first: number }>();
  for (const each of events) {
    if (each.courseId !== id) continue;
    const weight = eventWeight(each.type, each.value);
    const known = sums.get(each.learnerId) ?? { sum: 0, first: Infinity };
    const first = weight > 0 ? Math.min(known.first, +each.occurredAt) : known.first;
    sums.set(each.learnerId, { sum: known.sum + weight, first });
  }
  drawn.set(id, new Map([...sums].filter(([, { sum }]) => sum > 0).map(([learner, { first }]) => [learner, first])));
}

/** Whether a course is among the ten, and the third, of its topic that most learners were first drawn to since then. */
function leads(item: Course, topic: string | undefined, since: Date): boolean {
  const count = ({ id }: Course) => [...drawn.get(id)!.values()].filter((first) => first >= +since).length;
  const rivals = courses.filter((each) => !each.archived && (topic === undefined || each.topics.includes(topic)));
  const better = rivals.filter((each) => count(each) > count(item)).length;
  return count(item) >= 3 && better < Math.min(10, Math.ceil(rivals.length / 3));
}

function someoneAlikeTook(own: readonly TrainingEvent[], id: string): boolean {
  const mine = new Set(own.map(({ courseId }) => courseId!));
  return [...drawn.get(id)!.keys()].some((learner) =>
    [...mine].some((other) => other !== id && drawn.get(other)!.has(learner)),
  );
}

interface Told {
  claim: Claim;
  world: World;
}

/** What is said to many different learners and non-learners. */
function told(count: number): Told[] {
  const random = createRandom(21);
  return Array.from({ length: count }, (_, i): Told[] => {
    const own = i % 7 === 0 ? [] : eventsOfOne('l', courses, 30, random);
    if (i % 5 === 0)
      own.push(search('l', ['charts', 'figma', '营销', 'essays'][i % 4]!, new Date(+now - (i % 40) * DAY)));
    const declared = random.next() < 0.3 ? [random.pick(topics)] : [];
    const asked = random.next() < 0.2 ? { topics: [random.pick(topics)] } : {};
    const state = stateAfter(own, declared);
    const personal = i % 11 !== 0;
    const slate = recommender.recommend({
      ...(personal && { state }),
      ...asked,
      count: 6,
      now,
      list: 'recommend',
      random,
    });
    const world: World = personal ? { own, declared, request: asked } : { own: [], declared: [], request: asked };
    return slate.items.map((item) => ({ claim: item as Claim, world }));
  }).flat();
}

describe('what is said to learners', () => {
  const all = told(400);

  it('is true, each time, by the raw events', () => {
    for (const { claim, world } of all) {
      const { courseId, source, reason } = claim;
      expect(isTrue(claim, world), JSON.stringify({ courseId, source, reason, own: world.own })).toBe(true);
    }
  });

  it('covers what there is to say', () => {
    const keys = new Set(all.map(({ claim }) => claim.reason.key));
    for (const key of [
      'finished',
      'rated',
      'saved',
      'viewed',
      'searched',
      'popular-topic',
      'week-topic',
      'different',
      'chance',
    ])
      expect([...keys]).toContain(`reason.${key}`);
  });

  it('would be found out if it named another course or topic', () => {
    let caught = 0;
    let tried = 0;
    for (const { claim, world } of all) {
      const args = claim.reason.args ?? {};
      const untouched = courses.find(({ id }) => !world.own.some(({ courseId }) => courseId === id))!;
      const foreign = topics.find((topic) => !byId.get(claim.courseId)!.topics.includes(topic))!;
      const lie =
        'course' in args
          ? { course: courseTitle(untouched) }
          : 'topic' in args
            ? { topic: topicName(foreign) }
            : 'query' in args
              ? { query: 'knitting' }
              : undefined;
      if (!lie) continue;
      tried++;
      if (!isTrue({ ...claim, reason: { ...claim.reason, args: lie } }, world)) caught++;
    }
    expect(tried).toBeGreaterThan(200);
    expect(caught).toBe(tried);
  });

  it('reads in both languages', () => {
    for (const { claim } of all) {
      for (const language of languages) expect(render(claim.reason as Text, language)).not.toMatch(/[{}]|undefined/);
    }
  });
});

describe('a course of the history', () => {
  const [python, , , , other] = courses as [Course, Course, Course, Course, Course];
  const grounds = (own: TrainingEvent[], fields: { share?: number; together?: number } = {}) =>
    reasonOf({
      source: 'item-knn',
      personal: true,
      carrier: {
        course: python,
        track: stateAfter(own).history.get(python.id)!,
        share: fields.share ?? 0.9,
        together: fields.together ?? 0,
      },
    });
  const key = (...ask: Parameters<typeof grounds>) => (grounds(...ask) as { key: string }).key;
  const view = event('l', 'view', python.id);

  it('is named by the most that the learner did with it', () => {
    expect(key([view])).toBe('reason.viewed');
    expect(key([view, event('l', 'save', python.id)])).toBe('reason.saved');
    expect(key([event('l', 'share', python.id)])).toBe('reason.interested');
    expect(key([event('l', 'purchase', python.id, now, 100)])).toBe('reason.owned');
    expect(key([event('l', 'progress', python.id, now, 0.4)])).toBe('reason.began');
    expect(key([event('l', 'rate', python.id, now, 1)])).toBe('reason.rated');
    expect(key([event('l', 'complete', python.id)])).toBe('reason.finished');
    expect(other.id).not.toBe(python.id);
  });

  it('is not named where it bore little of the score', () => {
    expect(key([view], { share: 0.1 })).toBe('reason.history');
  });

  it('speaks of others only with three of them, and a high rating of the learner’s own', () => {
    const high = [event('l', 'rate', python.id, now, 0.75)];
    expect(key(high, { together: 3 })).toBe('reason.together');
    expect(key(high, { together: 2 })).toBe('reason.rated');
    expect(key([view], { together: 9 })).toBe('reason.viewed');
  });
});

describe('the crowd', () => {
  it('is named only where it ranked the course', () => {
    const key = (fields: object) => (reasonOf({ source: 'content', personal: true, ...fields }) as { key: string }).key;
    expect(key({ week: 'Excel', popular: 'Excel' })).toBe('reason.history');
    expect(key({ source: 'trending', week: 'Excel' })).toBe('reason.week-topic');
    expect(key({ source: 'trending', popular: 'Excel' })).toBe('reason.popular-topic');
    expect(key({ source: 'popular', week: 'Excel', popular: '' })).toBe('reason.popular');
    expect(key({ source: 'trending' })).toBe('reason.history');
  });
});

it('says of sample courses that the other learners are simulated', () => {
  const course = { ...courses[0]!, simulated: true };
  const of = (grounds: Partial<Parameters<typeof reasonOf>[0]>, language: 'en' | 'zh') =>
    render(reasonOf({ source: 'trending', personal: false, simulated: true, topic: 'Data', ...grounds }), language);
  expect(of({ week: 'Data' }, 'en')).toBe('Popular this week in Data (simulated learners)');
  expect(of({ week: 'Data' }, 'zh')).toBe('本周“数据分析”热门课程（模拟学员数据）');
  expect(of({ source: 'user-knn' }, 'en')).toContain('(simulated learners)');
  expect(of({ declared: 'Data' }, 'en')).toBe('You told us you like Data');
  expect(of({ week: 'Data', simulated: false }, 'en')).toBe('Popular this week in Data');
  const likeIt = (each: Course) => render(similarReason(each, { source: 'item-knn', topic: undefined }), 'en');
  expect(likeIt(course)).toContain('(simulated learners)');
  expect(likeIt(courses[0]!)).not.toContain('simulated');
});
