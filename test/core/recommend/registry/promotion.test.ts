import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../core/numerics/random.ts';
import { advantage, type Answers } from '../../../../core/recommend/registry/measure.ts';
import { decide, ENOUGH, type Advantage, type Evidence } from '../../../../core/recommend/registry/promotion.ts';

const fresh = { days: 1, unknown: 0, growth: 1.1 };
const champion = { readable: true, byHand: false, staleness: fresh };

/** Made-up answers: the challenger gains `gap` more a question on average, 0.1 more or less each time. */
function compared(gap: number, questions = 400): Advantage {
  const random = createRandom(7);
  const theirs = Float64Array.from({ length: questions }, () => random.next());
  const ours = theirs.map((gain, at) => gain + gap + (at % 2 === 0 ? 0.1 : -0.1));
  const answers = (gains: Float64Array): Answers => ({ gains, hits: gains });
  return { questions, difference: advantage(answers(ours), answers(theirs), 1) };
}

const evidence = (overChampion: Advantage | undefined, fields: Partial<Evidence> = {}): Evidence => ({
  champion,
  measured: true,
  overPopular: compared(0.2),
  overChampion,
  ...fields,
});
const old = { ...champion, staleness: { ...fresh, days: 30 } };

describe('a challenger', () => {
  it.each([
    ['clearly better', evidence(compared(0.05)), true, 'better'],
    ['clearly worse', evidence(compared(-0.05)), false, 'worse'],
    ['a little better, within noise', evidence(compared(0.003)), false, 'equal'],
    ['a little worse, within noise', evidence(compared(-0.003)), false, 'equal'],
    ['better, from a handful of questions', evidence(compared(0.05, ENOUGH - 1)), true, 'too-few'],
    ['worse, from a handful of questions', evidence(compared(-0.05, ENOUGH - 1)), true, 'too-few'],
    ['without any question', evidence(undefined, { overPopular: undefined }), true, 'too-few'],
    ['without a champion', evidence(undefined, { champion: undefined, measured: false }), true, 'first'],
    ['never measured', evidence(undefined, { overPopular: undefined, measured: false }), false, 'unmeasured'],
    ['worse than popularity', evidence(compared(0.05), { overPopular: compared(-0.05) }), false, 'below-popular'],
    [
      'beside what can not be read',
      evidence(undefined, { champion: { ...champion, readable: false } }),
      true,
      'unreadable',
    ],
    ['as good, beside an old champion', evidence(compared(0.003), { champion: old }), true, 'stale'],
    ['worse, beside an old champion', evidence(compared(-0.05), { champion: old }), false, 'worse'],
    [
      'as good, beside an old one chosen by hand',
      evidence(compared(0.003), { champion: { ...old, byHand: true } }),
      false,
      'held',
    ],
    [
      'from too few, beside one chosen by hand',
      evidence(undefined, { champion: { ...champion, byHand: true } }),
      false,
      'held',
    ],
    [
      'better than one chosen by hand',
      evidence(compared(0.05), { champion: { ...champion, byHand: true } }),
      true,
      'better',
    ],
  ] as const)('%s', (_, given, promoted, rule) => {
    expect(decide(given)).toMatchObject({ promoted, rule });
  });

  it('as good finds a champion fallen behind by age, by courses it never saw, and by a log that is another', () => {
    const behind = (staleness: Partial<typeof fresh>) =>
      decide(evidence(compared(0.003), { champion: { ...champion, staleness: { ...fresh, ...staleness } } })).stale;
    expect(behind({ days: 27.9 })).toEqual([]);
    expect(behind({ days: 28 })).toEqual(['days']);
    expect(behind({ unknown: 0.049 })).toEqual([]);
    expect(behind({ unknown: 0.05 })).toEqual(['unknown']);
    expect(behind({ growth: 1.49 })).toEqual([]);
    expect(behind({ growth: 1.5 })).toEqual(['growth']);
    expect(behind({ growth: 0.6 })).toEqual(['growth']);
  });

  it('that is equal to itself is never promoted, whatever the seed', () => {
    for (let seed = 0; seed < 5; seed++) {
      const random = createRandom(seed);
      const gains = Float64Array.from({ length: 300 }, () => random.next());
      const difference = advantage({ gains, hits: gains }, { gains, hits: gains }, seed);
      expect(decide(evidence({ questions: 300, difference })).rule).toBe('equal');
    }
  });
});
