import type { QueueName, Schedule } from './backend.ts';
import { jobTypes, type JobName } from './jobs.ts';

/** When each job runs by itself; cron patterns are in UTC. */
export function schedules(trainingCron: string): Partial<Record<JobName, Schedule>> {
  return {
    'plan-pushes': { cron: '*/15 * * * *' },
    'plan-campaigns': { everyMs: 5000 },
    'sweep-silence': { everyMs: 600_000 },
    'forget-visitors': { cron: '20 4 * * *' },
    'check-training': { everyMs: 15_000 },
    train: { cron: trainingCron },
  };
}

/** Those of one queue. */
export function schedulesOf(queue: QueueName, all: Partial<Record<JobName, Schedule>>): Record<string, Schedule> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => jobTypes[name as JobName].queue === queue));
}
