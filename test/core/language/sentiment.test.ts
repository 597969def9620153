import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSentiment } from '../../../core/language/sentiment.ts';
import { toneOf } from '../../../core/language/sentiment-lexicon.ts';

const heldOut = JSON.parse(
  readFileSync(new URL('../../fixtures/language/sentiment.json', import.meta.url), 'utf8'),
) as Record<'zh' | 'en', Record<string, string[]>>;
const engine = createSentiment();

describe('sentiment', () => {
  it.each(['en', 'zh'] as const)('reads unseen replies: %s', (language) => {
    const all = Object.entries(heldOut[language]).flatMap(([label, texts]) => texts.map((text) => ({ label, text })));
    const right = all.filter(({ label, text }) => engine.sentiment(text).sentiment === label);
    expect(right.length / all.length).toBeGreaterThan(0.8);
  });

  it('reads emoji and stars', () => {
    expect(engine.sentiment('👍👍').sentiment).toBe('positive');
    expect(engine.sentiment('😡').sentiment).toBe('negative');
    expect(engine.sentiment('⭐').sentiment).toBe('negative');
  });

  it('is neutral where nothing is said', () => {
    for (const text of ['', '…', '42', '🚲'])
      expect(engine.sentiment(text)).toEqual({ sentiment: 'neutral', margin: 0 });
  });

  it('tells how sure it is', () => {
    expect(engine.sentiment('love it').margin).toBeGreaterThan(engine.sentiment('the bus is blue').margin);
  });
});

describe('tone', () => {
  it('turns with a negation', () => {
    expect(toneOf('good')).toEqual({ praise: 1, blame: 0 });
    expect(toneOf('not good')).toEqual({ praise: 0, blame: 1 });
    expect(toneOf('not bad at all')).toEqual({ praise: 1, blame: 0 });
    expect(toneOf('一点也不无聊')).toEqual({ praise: 1, blame: 0 });
    expect(toneOf('不喜欢')).toEqual({ praise: 0, blame: 1 });
    expect(toneOf('喜欢')).toEqual({ praise: 1, blame: 0 });
    expect(toneOf("can't wait")).toEqual({ praise: 1, blame: 0 });
  });
});
