import { beforeAll, describe, expect, test } from 'vitest';
import type { Services } from '../../../bots/conversation/services.ts';
import { upsertCourses } from '../../../core/catalogue/store.ts';
import { addressesOf } from '../../../core/learner/store.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';
import { fixtureCourses } from './courses.ts';

const db = testDatabase();
let services: Services;
beforeAll(async () => {
  services = await fixtureServices(db, (line) => expect.fail(line));
  const lessons = { c0: '10', c1: 'Names|Loops|Lists|Files' };
  await upsertCourses(
    db,
    fixtureCourses
      .filter(({ id }) => id in lessons)
      .map((course) => ({ ...course, attributes: { lessons: lessons[course.id as keyof typeof lessons] } })),
  );
  await services.catalogue.refresh();
});

async function learner(locale: 'en' | 'zh' = 'en', courses: string[] = ['c1']): Promise<Person> {
  const person = await Person.arrive(services, locale);
  await person.presses('consent||recording:on');
  for (const course of courses) await person.presses(`progress|${course}|1`);
  return person;
}

const at = (person: Person, time: string) => {
  person.now = new Date(time);
  return person;
};

describe('progress and the next lesson', () => {
  test('each course says how far it is and what comes next; a press marks the lesson done', async () => {
    const ann = await learner('en', ['c1', 'c0', 'c6']);
    const all = await ann.says('/progress');
    expect(all).toContain('Your 3 courses:');
    expect(all).toContain('You have done 1%.\nNext: lesson 1 of 10');
    expect(all).toContain('You have done 1%.\nNext: lesson 1 of 4: Names');
    expect(ann.courses).toEqual(['c6', 'c0', 'c1']);
    await ann.chooses('course|c1');
    expect(ann.buttons).toContain('lesson|c1|1');
    expect(await ann.chooses('lesson|c1|1')).toContain(
      'Done: lesson 1 of 4: Names of “Python for Data Work”.\nNext: lesson 2 of 4: Loops',
    );
    expect(await ann.chooses('lesson|c1|2')).toContain('Next: lesson 3 of 4: Lists');
    // Pressed again under the older message: nothing is done twice.
    expect(await ann.presses('lesson|c1|1')).toBe(
      'That lesson of “Python for Data Work” is done already.\nNext: lesson 3 of 4: Lists',
    );
    expect((await ann.log()).filter(({ type, courseId }) => type === 'progress' && courseId === 'c1')).toMatchObject([
      { value: 0.01 },
      { value: 0.25 },
      { value: 0.5 },
    ]);
    await ann.presses('lesson|c1|3');
    expect(await ann.chooses('lesson|c1|4')).toContain('You finished “Python for Data Work”');
    expect(await ann.says('how far am i')).toContain('You have finished this course.');
  });

  test('in words, in Chinese, and by a share', async () => {
    const mei = await learner('zh', ['c1']);
    expect(await mei.says('我的学习进度')).toContain('已学 1%。\n下一节：第 1 节（共 4 节）：Names');
    await mei.presses('course|c1');
    expect(await mei.says('学完第2节了')).toContain('下一节：第 3 节（共 4 节）：Lists');
    expect(await mei.says('/progress 75')).toContain('75%');
    expect((await mei.log()).at(-1)).toMatchObject({ type: 'progress', value: 0.75 });
  });

  test('without lessons there is the share alone; without consent it is asked for first', async () => {
    const bob = await learner('en', ['c6']);
    expect(await bob.says('my courses')).toContain('You have done 1%.');
    expect(bob.buttons).toContain('progress|c6');
    expect(await bob.presses('lesson|c6')).toContain('How far are you with');
    const eve = await Person.arrive(services);
    expect(await eve.presses('lesson|c1|2')).toContain('you have not agreed to that yet');
    expect(await eve.presses('consent||recording:on')).toContain('Next: lesson 3 of 4: Lists');
  });
});

describe('check-in', () => {
  test('counts once a day, with the streak and the next lesson', async () => {
    const ann = at(await learner(), '2026-11-21T02:00:00Z');
    expect(await ann.says('/checkin')).toBe(
      'Checked in for today.\n2 days in a row. Today counts. One missed day a month is forgiven.\n\nGo on with “Python for Data Work”: lesson 1 of 4: Names.',
    );
    expect(await ann.says('check in')).toContain('You have checked in today already.\n2 days in a row.');
    expect((await ann.events()).filter((type) => type === 'checkin')).toHaveLength(1);
    // 21 November ends at 16:00 UTC in Shanghai.
    at(ann, '2026-11-21T15:59:00Z');
    expect(await ann.says('打卡')).toContain('今天已经打过卡了');
    at(ann, '2026-11-21T16:00:00Z');
    expect(await ann.says('打卡')).toContain('已连续学习 3 天。');
    // The 23rd is missed, and bridged.
    at(ann, '2026-11-24T02:00:00Z');
    expect(await ann.says('我要打卡')).toContain('已连续学习 4 天。昨天没学，用掉了本月的补签机会，连续没有中断。');
    at(ann, '2026-11-27T02:00:00Z');
    expect(await ann.says('我的打卡记录')).toContain('现在没有连续记录（最长 4 天）。');
    expect(await ann.chooses('checkin')).toContain('已连续学习 1 天（最长 4 天）。');
  });

  test('of one moment in two places is one', async () => {
    const ann = await learner();
    await Promise.all([ann.presses('checkin'), ann.presses('checkin')]);
    expect((await ann.events()).filter((type) => type === 'checkin')).toHaveLength(1);
  });

  test('needs leave to be recorded, and is taken where a platform forbids to learn from words only by a press', async () => {
    const eve = await Person.arrive(services);
    expect(await eve.presses('checkin')).toContain('you have not agreed to that yet');
    expect(await eve.presses('consent||recording:on')).toContain('Checked in for today.');
    const dan = await learner();
    dan.around = { recordable: false };
    expect(await dan.says('i learned today')).toContain('only what you press');
    expect(await dan.events()).not.toContain('checkin');
    dan.around = {};
    expect(await dan.chooses('checkin')).toContain('Checked in for today.');
  });

  test('with a course counts for it in the profile', async () => {
    const ann = await learner('en', []);
    await ann.presses('checkin|c8');
    expect(await ann.says('my profile')).toContain('Design 100%: you checked in with “Design Basics”');
  });
});

describe('reminders', () => {
  test.each([
    ['/remind 20', 20],
    ['remind me at 8pm', 20],
    ['please remind me to study every day at 7am', 7],
    ['set a daily reminder at 21:00', 21],
    ['每天晚上8点提醒我学习', 20],
    ['早上七点叫我学习', 7],
    ['帮我设置一个每天19点的学习提醒', 19],
  ])('%s', async (words, hour) => {
    const ann = await learner();
    expect(await ann.says(words)).toMatch(new RegExp(`${String(hour).padStart(2, '0')}:00`));
    expect(await ann.learner()).toMatchObject({ reminderHour: hour, messages: false });
    expect(await addressesOf(db, ann.id, { for: 'reminder' })).toHaveLength(1);
    expect(await addressesOf(db, ann.id, { for: 'marketing' })).toEqual([]);
  });

  test('an hour is picked or typed, another one chosen, and it is off as easily', async () => {
    const ann = await learner();
    ann.timeZone = 'Europe/Berlin';
    expect(await ann.says('/remind')).toContain('At which hour shall I remind you');
    expect(await ann.says('22')).toContain('I remind you at 22:00 every day (Europe/Berlin), here');
    expect(await ann.learner()).toMatchObject({ reminderHour: 22, timeZone: 'Europe/Berlin', language: 'en' });
    await ann.chooses('remind');
    expect(await ann.chooses('remind||7')).toContain('at 07:00');
    expect(await ann.says('turn off my reminder')).toContain('No more reminders.');
    expect((await ann.learner()).reminderHour).toBeNull();
    expect(await addressesOf(db, ann.id, { for: 'reminder' })).toEqual([]);
  });

  test('off leaves messages that were agreed to, and says so; stop ends both', async () => {
    const ann = await learner();
    await ann.presses('consent||messages:on');
    await ann.says('/remind 20');
    expect(await ann.says('关闭学习提醒')).toContain('课程推荐和优惠券仍会发给你');
    expect((await ann.learner()).messages).toBe(true);
    await ann.says('/remind 20');
    expect(await ann.says('/stop')).toMatch(/提醒/);
    expect(await ann.learner()).toMatchObject({ messages: false, reminderHour: null });
  });

  test.each([
    'stop reminding me',
    '别再提醒我了',
    '别再提醒我',
    '请不要再提醒我学习',
    "don't remind me any more",
    'cancel reminders',
  ])('who has none and says “%s” wants no messages', async (words) => {
    const ann = await learner();
    await ann.presses('consent||messages:on');
    await ann.says(words);
    expect((await ann.learner()).messages).toBe(false);
  });
});
