import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { assemble, binaryOf, sources } from './setup/wasm.ts';

it('finds the sources of the binaries', () => {
  expect(sources).toContain('core/recommend/deep/kernels.as.ts');
});

it.each(sources)('the binary of %s is what its source says', async (source) => {
  const [built, committed] = await Promise.all([assemble(source), readFile(binaryOf(source))]);
  expect(Buffer.compare(built, committed)).toBe(0);
});
