import { describe, expect, test } from 'vitest';
import { armOf } from '../../../core/campaign/assignment.ts';
import { codeFrom, CODE_BYTES, normaliseCode } from '../../../core/campaign/coupon.ts';
import { outcomes, replaces } from '../../../core/campaign/outcome.ts';
import { examplePlan, parsePlan, planJson, storedPlan } from '../../../core/campaign/plan.ts';
import { newCodes } from '../../../core/campaign/store.ts';

const now = new Date('2027-03-01T12:00:00Z');
const example = () => JSON.parse(JSON.stringify(examplePlan(now))) as ReturnType<typeof examplePlan>;

function problems(change: (plan: Record<string, never>) => void): string[] {
  const plan = example() as unknown as Record<string, never>;
  change(plan);
  const parsed = parsePlan(plan, now);
  return parsed.ok ? [] : parsed.problems;
}
const set = (path: string, value: unknown) => (plan: object) => {
  const keys = path.split('.');
  const last = keys.pop()!;
  const target = keys.reduce(
    (part: Record<string, unknown>, key) => part[key] as Record<string, unknown>,
    plan as never,
  );
  if (value === undefined) Reflect.deleteProperty(target, last);
  else target[last] = value;
};

describe('a plan', () => {
  test('the printed example is one, and is the same after it was stored', () => {
    const parsed = parsePlan(example(), now);
    if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
    expect(storedPlan(JSON.parse(JSON.stringify(planJson(parsed.plan))))).toEqual(parsed.plan);
  });

  test('unknown keys are refused by name, wherever they stand', () => {
    expect(problems(set('colour', 1))).toEqual(['colour: unknown key']);
    expect(problems(set('offer.amount', 1))).toEqual(['offer.amount: unknown key']);
    expect(problems(set('audience.any.1.not.stages', ['new']))).toEqual(['audience.any.1.not.stages: unknown key']);
    expect(problems(set('text.fr', 'x'))).toEqual(['text.fr: unknown key']);
  });

  test.each([
    ['name', '', 'name'],
    ['offer.percent', 0, 'offer.percent'],
    ['offer.percent', 12.5, 'offer.percent'],
    ['offer.percent', 101, 'offer.percent'],
    ['offer.limit', 0, 'offer.limit'],
    ['offer.limit', undefined, 'offer.limit'],
    ['offer.expires_at', 'soon', 'offer.expires_at'],
    ['offer.expires_at', '2027-02-01', 'offer.expires_at'],
    ['send_at', 12, 'send_at'],
    ['holdout', 0.6, 'holdout'],
    ['audience', {}, 'audience'],
    ['audience', { stage: ['gone'] }, 'audience.stage.0'],
    ['audience', { interest: { topics: ['Data'], min: 2 } }, 'audience.interest.min'],
    ['text', {}, 'text'],
  ])('%s = %j is refused by name', (path, value, named) => {
    const found = problems(set(path, value));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${named.replaceAll('.', '\\.')}: `));
  });

  test('an unknown variable, a broken template and a text without its code are refused', () => {
    expect(problems(set('text.en', 'Hello {{ name }}, {{ code }}'))[0]).toMatch(/^text\.en: unknown variable "name"/);
    expect(problems(set('text.en', '{% if false %}{{ name }}{% endif %}{{ code }}'))[0]).toMatch(
      /unknown variable "name"/,
    );
    expect(problems(set('text.zh', '{{ code '))[0]).toMatch(/^text\.zh: not a Liquid template/);
    expect(problems(set('text.zh', '{{ code | shout }}'))[0]).toMatch(/^text\.zh: not a Liquid template/);
    expect(problems(set('text.en', 'Buy now'))).toEqual(['text.en: must contain {{ code }}']);
  });

  test('times without a zone are UTC, and a plan without send_at starts now', () => {
    const parsed = parsePlan(
      {
        ...example(),
        send_at: undefined,
        offer: { percent: 5, expires_at: '2027-03-02 00:00:00'.replace(' ', 'T'), limit: 1 },
      },
      now,
    );
    expect(parsed).toMatchObject({
      ok: true,
      plan: { send_at: now, offer: { expires_at: new Date('2027-03-02T00:00:00Z') } },
    });
  });
});

describe('the holdout', () => {
  const ids = Array.from({ length: 20_000 }, (_, i) => `learner-${i}`);

  test('is sticky, has its size, and a larger one keeps a smaller one’s people', () => {
    const held = (share: number) => ids.filter((id) => armOf('spring', id, share) === 'holdout');
    const tenth = held(0.1);
    expect(held(0.1)).toEqual(tenth);
    // Binomial(20000, 0.1): the standard deviation is 42.
    expect(Math.abs(tenth.length - 2000)).toBeLessThan(5 * 42);
    const third = new Set(held(0.3));
    expect(tenth.every((id) => third.has(id))).toBe(true);
    expect(held(0)).toEqual([]);
  });

  test('of one campaign says nothing about that of another', () => {
    const both = ids.filter((id) => armOf('a', id, 0.5) === 'holdout' && armOf('b', id, 0.5) === 'holdout');
    // Binomial(20000, 0.25): the standard deviation is 61.
    expect(Math.abs(both.length - 5000)).toBeLessThan(5 * 61);
  });
});

describe('codes', () => {
  test('hold 65 bits, read without doubt, and come back from what people type', () => {
    expect(codeFrom(new Uint8Array(CODE_BYTES).fill(255))).toBe('ZZZZ-ZZZZ-ZZZZZ');
    expect(codeFrom(Uint8Array.from({ length: CODE_BYTES }, (_, i) => i + 10))).toBe('ABCD-EFGH-JKMNP');
    expect(normaliseCode('abcd efgh jkmnp')).toBe('ABCD-EFGH-JKMNP');
    expect(normaliseCode('ＡＢＣＤ—ＥＦＧＨ－ＪＫＭＮＰ')).toBe('ABCD-EFGH-JKMNP');
    expect(normaliseCode('oil0-1111-11111')).toBe('0110-1111-11111');
    expect(normaliseCode('UUUU-EFGH-JKMNP')).toBeUndefined();
    expect(normaliseCode('ABCD-EFGH-JKMN')).toBeUndefined();
  });

  test('do not repeat', () => {
    expect(new Set(newCodes(10_000)).size).toBe(10_000);
  });
});

test('the first outcome stays, a purchase replaces all, an answer replaces silence', () => {
  const kept = outcomes.map((next) => outcomes.filter((earlier) => replaces(next, earlier)));
  const answers = outcomes.filter((outcome) => outcome !== 'silent' && outcome !== 'bought');
  expect(Object.fromEntries(outcomes.map((next, i) => [next, kept[i]]))).toEqual({
    ...Object.fromEntries(answers.map((answer) => [answer, ['silent']])),
    bought: [...answers, 'silent'],
    silent: [],
  });
});
