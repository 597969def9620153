import { afterEach, expect, test, vi } from 'vitest';
import { createBackend, type Backend, type BackendOptions, type JobHandling } from '../../queue/backend.ts';

/** What every carrier of jobs must do; `options` names the one under test. */
export function backendContract(options: () => Omit<BackendOptions, 'log'>) {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    // Workers before the backends that they work on.
    for (const each of opened.splice(0).reverse()) await each.close();
  });

  async function backend(): Promise<Backend> {
    const made = await createBackend({ ...options(), log: () => {} });
    opened.push(made);
    return made;
  }
  async function work(on: Backend, handling: Partial<JobHandling> = {}) {
    const worker = await on.work('plan', { concurrency: 1, handle: async () => {}, onError: () => {}, ...handling });
    opened.push(worker);
    return worker;
  }

  test('a job is handled by one of two workers, with its name and data', async () => {
    const [one, two] = [await backend(), await backend()];
    const seen: [string, unknown][] = [];
    const handle = (name: string, data: unknown) => {
      seen.push([name, data]);
      return Promise.resolve();
    };
    await work(one, { handle });
    await work(two, { handle });
    await one.queue('plan').add(Array.from({ length: 20 }, (_, n) => ({ name: 'count', data: { n } })));
    await vi.waitFor(async () => expect(await one.queue('plan').size()).toBe(0), { timeout: 20_000 });
    expect(seen.map(([, data]) => (data as { n: number }).n).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    );
    expect(new Set(seen.map(([name]) => name))).toEqual(new Set(['count']));
  });

  test('a job whose id waits already is left out, and may come again when it is done', async () => {
    const on = await backend();
    let done = 0;
    const job = { name: 'count', data: {}, id: 'same' };
    await on.queue('plan').add([job, job]);
    await on.queue('plan').add([job]);
    expect(await on.queue('plan').size()).toBe(1);
    await work(on, {
      handle: () => {
        done++;
        return Promise.resolve();
      },
    });
    await vi.waitFor(() => expect(done).toBe(1), { timeout: 20_000 });
    await vi.waitFor(async () => expect(await on.queue('plan').size()).toBe(0), { timeout: 20_000 });
    await on.queue('plan').add([job]);
    await vi.waitFor(() => expect(done).toBe(2), { timeout: 20_000 });
  });

  test('a job that throws is told of and does not stop the next', async () => {
    const on = await backend();
    const errors: string[] = [];
    const done: unknown[] = [];
    await work(on, {
      handle: (_name, data) => {
        if (data === 'bad') return Promise.reject(new Error('as told'));
        done.push(data);
        return Promise.resolve();
      },
      onError: (error, name) => errors.push(`${name}: ${error.message}`),
    });
    await on.queue('plan').add([
      { name: 'job', data: 'bad', id: 'x' },
      { name: 'job', data: 'good' },
    ]);
    await vi.waitFor(() => expect([errors, done]).toEqual([['job: as told'], ['good']]), { timeout: 20_000 });
  });

  test('closing a worker waits for the job at work', async () => {
    const on = await backend();
    const steps: string[] = [];
    let finish = () => {};
    const started = new Promise<void>((resolve) => {
      void work(on, {
        handle: async () => {
          resolve();
          await new Promise<void>((release) => (finish = release));
          steps.push('done');
        },
      }).then(() => on.queue('plan').add([{ name: 'long', data: {} }]));
    });
    await started;
    const closing = opened
      .pop()!
      .close()
      .then(() => steps.push('closed'));
    finish();
    await closing;
    expect(steps).toEqual(['done', 'closed']);
  });

  test('schedules run, are replaced as a whole, and are one for many processes', async () => {
    const [on, other] = [await backend(), await backend()];
    const seen = new Map<string, number>();
    await work(on, {
      handle: (name) => {
        seen.set(name, (seen.get(name) ?? 0) + 1);
        return Promise.resolve();
      },
    });
    await on.queue('plan').setSchedules({ old: { everyMs: 3_600_000 }, nightly: { cron: '0 3 * * *' } });
    await other.queue('plan').setSchedules({ often: { everyMs: 100 }, nightly: { cron: '0 3 * * *' } });
    await vi.waitFor(() => expect(seen.get('often')).toBeGreaterThan(2), { timeout: 20_000 });
    expect(seen.get('nightly')).toBeUndefined();
    await on.queue('plan').setSchedules({});
  });
}
