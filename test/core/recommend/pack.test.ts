import { describe, expect, it } from 'vitest';
import { pack, PackError, unpack } from '../../../core/recommend/pack.ts';

const parts = {
  first: {
    json: { name: '课程', list: [1, 2] },
    arrays: { a: Float32Array.of(1.5, -2), b: Uint8Array.of(1, 2, 3), c: Float64Array.of(Math.PI) },
  },
  second: { json: null, arrays: { d: Int32Array.of(-7), empty: new Float32Array(0) } },
};

describe('packed artefacts', () => {
  it('come back as they were, also from the middle of another buffer', () => {
    const packed = pack(parts);
    expect(unpack(packed)).toEqual(parts);
    const shifted = Buffer.concat([Buffer.from('x'), packed]).subarray(1);
    expect(unpack(shifted)).toEqual(parts);
  });

  it('take views of larger arrays by what they show', () => {
    const view = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    expect(unpack(pack({ part: { json: {}, arrays: { view } } }))['part']!.arrays['view']).toEqual(
      Float32Array.of(2, 3),
    );
  });

  it('are refused when they are not whole', () => {
    const packed = pack(parts);
    for (const bytes of [
      Buffer.alloc(0),
      packed.subarray(0, 20),
      packed.subarray(0, packed.length - 8),
      Buffer.alloc(64),
    ])
      expect(() => unpack(bytes)).toThrow(PackError);
  });

  it('are refused in a format of later times', () => {
    const packed = pack({});
    const later = Buffer.from(packed.toString('latin1').replace('"format":1', '"format":9'), 'latin1');
    expect(() => unpack(later)).toThrow(/format 9/);
  });
});
