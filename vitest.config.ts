import { defineConfig } from 'vitest/config';

// Not UTC and not a whole hour off: a date that leans on the machine's zone shows here.
process.env['TZ'] = 'Asia/Kathmandu';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup/global.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
