import { expect, test } from 'vitest';
import { readSampleCatalogue, sampleQuestionsFile } from '../../../app/sample/catalogue.ts';
import { simulateCommunity } from '../../../app/sample/simulate.ts';
import { readQuestionFile } from '../../../core/insight/placement/files.ts';
import { eventTypes } from '../../../core/behaviour/event-types.ts';

const now = new Date('2026-06-01T12:00:00Z');
const courses = await readSampleCatalogue();
const community = simulateCommunity(courses, 120, 7, now);

test('the catalogue is what we promise: 120 courses over 12 topics, each with both languages', () => {
  expect(courses.length).toBeGreaterThanOrEqual(120);
  expect(new Set(courses.flatMap(({ topics }) => topics)).size).toBeGreaterThanOrEqual(12);
  expect(new Set(courses.map(({ id }) => id)).size).toBe(courses.length);
  for (const { translations, simulated, priceMinor, durationMinutes, instructor } of courses) {
    expect(simulated).toBe(true);
    expect(translations.zh?.title).toMatch(/\p{Script=Han}/u);
    const sentences = { zh: translations.zh!.description, en: translations.en!.description };
    for (const text of Object.values(sentences)) {
      const count = text.match(/[.!?。！？]["”]?(?=\s|$|[^\s.])/gu)?.length ?? 0;
      expect(count, text).toBeGreaterThanOrEqual(2);
      expect(count, text).toBeLessThanOrEqual(4);
    }
    expect(priceMinor).toBeGreaterThanOrEqual(0);
    expect(durationMinutes).toBeGreaterThan(0);
    expect(instructor).toBeTruthy();
  }
});

test('six topics have a placement test: two questions a level, each in both languages, none that cannot be used', async () => {
  const { questions, refused } = await readQuestionFile(sampleQuestionsFile, true);
  expect(refused).toEqual([]);
  const topics = new Set(courses.flatMap((course) => course.topics));
  const places = questions.map(({ topic, level }) => `${topic} ${level}`);
  expect(new Set(places).size).toBe(18);
  for (const place of places) expect(places.filter((each) => each === place)).toHaveLength(2);
  expect(new Set(questions.map(({ id }) => id)).size).toBe(36);
  for (const { topic, question, options, correct } of questions) {
    expect(topics).toContain(topic);
    expect(question.zh).toMatch(/\p{Script=Han}/u);
    expect(question.en).toMatch(/[a-z]/);
    expect(options).toHaveLength(4);
    for (const option of options) expect(option.zh && option.en).toBeTruthy();
    expect(options[correct]).toBeDefined();
  }
});

test('one seed makes one community, another seed another', () => {
  expect(simulateCommunity(courses, 120, 7, now)).toEqual(community);
  expect(simulateCommunity(courses, 120, 8, now)).not.toEqual(community);
});

test('lives make sense: nothing before joining or after now, nobody studies what they did not take', () => {
  const joined = new Map(community.learners.map(({ externalId, joinedAt }) => [externalId, joinedAt.getTime()]));
  const taken = new Set<string>();
  const keys = new Set<string>();
  for (const { learnerId, courseId, type, value, occurredAt, idempotencyKey } of community.events) {
    expect(occurredAt.getTime()).toBeGreaterThanOrEqual(joined.get(learnerId)!);
    expect(occurredAt.getTime()).toBeLessThanOrEqual(now.getTime());
    keys.add(idempotencyKey);
    const pair = `${learnerId}/${courseId ?? ''}`;
    if (type === 'purchase' || type === 'enrol') taken.add(pair);
    if (['progress', 'complete', 'rate'].includes(type)) expect(taken).toContain(pair);
    if (eventTypes[type].value === 'share') {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  }
  expect(keys.size).toBe(community.events.length);
});

test('some browse, some buy, some finish, and some leave', () => {
  const learnersWith = (type: string) =>
    new Set(community.events.filter((event) => event.type === type).map(({ learnerId }) => learnerId)).size;
  expect(learnersWith('view')).toBeGreaterThan(100);
  expect(learnersWith('purchase')).toBeGreaterThan(40);
  expect(learnersWith('complete')).toBeGreaterThan(20);
  const last = new Map(community.events.map(({ learnerId, occurredAt }) => [learnerId, occurredAt.getTime()]));
  const silentForAMonth = [...last.values()].filter((time) => now.getTime() - time > 30 * 86_400_000).length;
  expect(silentForAMonth).toBeGreaterThan(12);
  expect(silentForAMonth).toBeLessThan(100);
});
