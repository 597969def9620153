import { describe, expect, it } from 'vitest';
import { chooseSettings, fitParts } from '../../../../core/recommend/hybrid/parts.ts';
import { hybrid } from '../../../../core/recommend/models/hybrid.ts';
import { silent } from '../../../../core/numerics/progress.ts';
import { seriesData } from '../series.ts';

describe('settings of the parts', () => {
  const data = seriesData();

  it('are what each chooses by itself, and over that what is given', async () => {
    const own = await chooseSettings(data, 'last', 1);
    const given = { ease: { penalty: 7 }, 'user-knn': { neighbours: 3, step: 0.5 } };
    const { of } = await chooseSettings(data, 'last', 1, given);
    expect(of.get('ease')).toMatchObject({ penalty: 7, cut: 'last', seed: 1 });
    expect(of.get('user-knn')).toMatchObject({ neighbours: 3, step: 0.5 });
    for (const name of ['markov', 'item-knn']) expect(of.get(name)).toEqual(own.of.get(name));
  });

  it('are what the parts are fitted with', async () => {
    const scoresWith = async (given: Parameters<typeof chooseSettings>[3]) => {
      const { parts } = await fitParts(data, await chooseSettings(data, 'last', 1, given), new Map(), silent);
      const history = { items: Int32Array.of(0), times: Float64Array.of(NaN), weights: Float32Array.of(1) };
      return [...parts.get('ease')!.model.score({ ...history, ratings: Float32Array.of(NaN) }, NaN)];
    };
    expect(await scoresWith({ ease: { penalty: 5 } })).not.toEqual(await scoresWith({ ease: { penalty: 2000 } }));
  });

  it('are checked, and kept as given', () => {
    const parts = { ease: { penalty: 7 } };
    expect(hybrid.config.parse({ parts }).parts).toEqual(parts);
    expect(hybrid.config.safeParse({ parts: { ease: { penalty: 'much' } } }).success).toBe(false);
    expect(hybrid.config.safeParse({ parts: { lstm: {} } }).success).toBe(false);
  });
});
