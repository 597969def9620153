import { z } from 'zod';
import type { QueueName } from './backend.ts';

/** What a job is, apart from who does it. */
export interface JobType<Data = unknown> {
  queue: QueueName;
  schema: z.ZodType<Data>;
}

const nothing = z.object({});

/** Every job there is. Adding one: a line here, a handler in `handlers.ts`, a schedule in `schedules.ts` if it has one. */
export const jobTypes = {
  /** Sends one outbox message. */
  deliver: { queue: 'deliver', schema: z.object({ messageId: z.uuid() }) },
  /** Writes the daily pushes of learners whose hour has come. */
  'plan-pushes': { queue: 'plan', schema: nothing },
  /** Plans campaigns whose time has come, and closes those that are through. */
  'plan-campaigns': { queue: 'plan', schema: nothing },
  /** Writes the lesson reminders of learners whose chosen hour has come. */
  'plan-reminders': { queue: 'plan', schema: nothing },
  /** Writes the weekly picks of communities whose hour has come. */
  'plan-picks': { queue: 'plan', schema: nothing },
  /** Ends challenges whose last day is over, with what their members earned. */
  'close-challenges': { queue: 'plan', schema: nothing },
  /** Gives inviters their coupon when whom they invited has bought, and kept it for a day. */
  'credit-referrals': { queue: 'plan', schema: nothing },
  /** Gives what communities give for a completed course. */
  'grant-rewards': { queue: 'plan', schema: nothing },
  /** Marks messages without an answer as silent. */
  'sweep-silence': { queue: 'plan', schema: nothing },
  /** Deletes what nobody will come back to: sessions, one-time visitors, answered updates, old buttons. */
  forget: { queue: 'plan', schema: nothing },
  /** Asks for training once enough has happened since the last one. */
  'check-training': { queue: 'plan', schema: nothing },
  /** Trains the models and swaps them; `byHand` when somebody asked for it. */
  train: { queue: 'train', schema: z.object({ byHand: z.boolean().default(false) }) },
} as const satisfies Record<string, JobType>;

export type JobName = keyof typeof jobTypes;
export type JobData<Name extends JobName> = z.output<(typeof jobTypes)[Name]['schema']>;

export const jobNames = Object.keys(jobTypes) as JobName[];

export interface Registry {
  /** @throws when the job has a handler already. */
  handle<Name extends JobName>(name: Name, handler: (data: JobData<Name>) => Promise<void>): void;
  /** @throws for the first of these queues' jobs that has no handler. */
  check(queues: readonly QueueName[]): void;
  /** Does a job. @throws for a name without a handler, and for data that does not fit its schema. */
  run(name: string, data: unknown): Promise<void>;
}

export function createRegistry(): Registry {
  const handlers = new Map<string, (data: never) => Promise<void>>();
  return {
    handle(name, handler) {
      if (handlers.has(name)) throw new Error(`Job "${name}" has two handlers`);
      handlers.set(name, handler);
    },
    check(queues) {
      for (const name of jobNames)
        if (queues.includes(jobTypes[name].queue) && !handlers.has(name))
          throw new Error(`Job "${name}" has no handler`);
    },
    async run(name, data) {
      const handler = handlers.get(name);
      if (!handler) throw new Error(`Job "${name}" has no handler`);
      await handler(jobTypes[name as JobName].schema.parse(data) as never);
    },
  };
}
