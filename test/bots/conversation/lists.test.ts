import { beforeAll, expect, test } from 'vitest';
import type { Services } from '../../../bots/conversation/services.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;

beforeAll(async () => {
  services = await fixtureServices(db, (line) => problems.push(line));
});

/** The list of each reply of the last answer. */
const lists = (person: Person) => person.replies.map((reply) => reply.list);

test('the courses of a list name it, so that a channel can show them one at a time; what is said around them does not', async () => {
  const ann = await Person.arrive(services);
  await ann.presses('consent||recording%3Aon');
  await ann.presses('recommend');
  expect(lists(ann)).toEqual([undefined, 'recommend', 'recommend', 'recommend', undefined]);
  expect(ann.replies.map((reply) => reply.course !== undefined)).toEqual(lists(ann).map((list) => list !== undefined));
  await ann.presses(`similar|${ann.courses[0]!}`);
  expect(lists(ann)).toEqual([undefined, 'similar', 'similar', 'similar']);
  await ann.presses('search||excel');
  expect(new Set(lists(ann).slice(1))).toContain('search');
  for (const course of ['c1', 'c2']) await ann.presses(`save|${course}`);
  await ann.presses('saved');
  expect(lists(ann)).toEqual([undefined, 'saved', 'saved']);
  await ann.presses('course|c1');
  expect(lists(ann)).toEqual([undefined]);
  await ann.presses('pay|c1');
  await ann.presses('courses');
  expect(lists(ann)).toEqual([undefined, 'owned', undefined]);
  expect(problems).toEqual([]);
});
