import type { QueueName, Schedule } from './backend.ts';
import { jobTypes, type JobName } from './jobs.ts';

/** When each job runs by itself; cron patterns are in UTC. */
export function schedules(trainingCron: string): Partial<Record<JobName, Schedule>> {
  return {
    'plan-pushes': { cron: '*/15 * * * *' },
    'plan-campaigns': { everyMs: 5000 },
    'plan-reminders': { cron: '*/15 * * * *' },
    'plan-picks': { cron: '*/15 * * * *' },
    // Days end at any quarter of an hour, somewhere.
    'close-challenges': { cron: '*/15 * * * *' },
    'credit-referrals': { everyMs: 60_000 },
    'grant-rewards': { everyMs: 60_000 },
    'sweep-silence': { everyMs: 600_000 },
    forget: { cron: '20 4 * * *' },
    'check-training': { everyMs: 15_000 },
    train: { cron: trainingCron },
  };
}

/** Those of one queue. */
export function schedulesOf(queue: QueueName, all: Partial<Record<JobName, Schedule>>): Record<string, Schedule> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => jobTypes[name as JobName].queue === queue));
}
