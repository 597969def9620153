import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('TensorFlow.js is loaded by trainings alone, not by who serves or reads settings', () => {
  const script = `
    import { createRequire } from 'node:module';
    await import('./app/settings.ts');
    await import('./core/recommend/serving.ts');
    const { cache } = createRequire(import.meta.url);
    console.log(Object.keys(cache).filter((file) => file.includes('@tensorflow')).length);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()).toBe('0');
});
