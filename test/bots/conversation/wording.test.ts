import { describe, expect, test } from 'vitest';
import { createRegistry } from '../../../bots/conversation/registry.ts';
import { defineSkill } from '../../../bots/conversation/skill.ts';
import { skills } from '../../../bots/conversation/skills/index.ts';
import { metaLine, money, duration, zoneName } from '../../../bots/conversation/wording.ts';
import { eventTypes } from '../../../core/behaviour/event-types.ts';
import { render } from '../../../core/language/render.ts';
import { en } from '../../../core/language/texts/en.ts';
import { fixtureCourses } from './courses.ts';

test('every kind of evidence for an interest has its words', () => {
  for (const [type, { weight, course }] of Object.entries(eventTypes))
    if (weight > 0 && course !== ('none' as string)) expect(en, type).toHaveProperty([`evidence.${type}`]);
});

describe('wording', () => {
  test('money by language and currency, without empty cents', () => {
    expect(money(19_900, 'CNY')).toEqual({ zh: '¥199', en: '¥199' });
    expect(money(1_990, 'USD')).toEqual({ zh: '$19.90', en: '$19.90' });
    expect(money(500, 'JPY')).toEqual({ zh: '¥500', en: '¥500' });
  });

  test('a Chinese reader sees a time zone by its Chinese name, where it has one', () => {
    expect(zoneName('Asia/Shanghai')).toEqual({ zh: '中国标准时间', en: 'Asia/Shanghai' });
    expect(zoneName('UTC')).toEqual({ zh: 'UTC', en: 'UTC' });
  });

  test('minutes up to an hour, then half hours', () => {
    expect(duration(45)).toEqual({ zh: '45 分钟', en: '45 min' });
    expect(duration(0.4)).toEqual({ zh: '1 分钟', en: '1 min' });
    expect(duration(100)).toEqual({ zh: '1.5 小时', en: '1.5 h' });
  });

  test('a line of what is known of a course', () => {
    expect(metaLine(fixtureCourses[3]!, 'CNY')).toEqual({
      zh: '入门 · 2.5 小时 · 免费',
      en: 'Beginner · 2.5 h · free',
    });
    const bare = { ...fixtureCourses[4]!, level: 'Discover', durationMinutes: null, instructor: 'A' };
    expect(metaLine(bare, 'CNY').en).toBe('Discover · A');
  });
});

test('a course of which nothing but its title is known leaves no empty line', () => {
  const args = { title: 'Knots', meta: '', topics: '', description: '', standing: '', reason: 'New' };
  const shown = ['course.item', 'course.item-because', 'course.card'].map((key) => render({ key, args }, 'en'));
  expect(shown).toEqual(['Knots', 'Knots\nNew', 'Knots']);
});

test('two skills may not claim the same action, and every intent needs a skill', () => {
  const twice = defineSkill({ name: 'twice', presses: { help: () => [] } });
  expect(() => createRegistry([...skills, twice])).toThrow('Two skills claim the action "help"');
  expect(() => createRegistry(skills.slice(1))).toThrow('No skill answers the intents greet');
});
