import { closeChallenges } from '../core/campaign/challenge/closing.ts';
import { planPicks } from '../core/campaign/picks.ts';
import { planCampaigns, planPushes, type Planning } from '../core/campaign/planning.ts';
import { markSilent } from '../core/campaign/message/store.ts';
import { creditReferrals } from '../core/campaign/referral/store.ts';
import { planReminders } from '../core/campaign/reminder.ts';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { forgetOldTraces, forgetOldVisitors } from '../core/privacy/forget.ts';
import type { Database } from '../prisma/connect.ts';
import type { Registry } from './jobs.ts';
import type { Channel } from './ports.ts';
import { grantRewards } from './rewards/rewards.ts';
import { trainingIsDue } from './store.ts';

/** The settings that the workers read; `Settings` of app/ has them all. */
export interface WorkerSettings {
  redisUrl: string | undefined;
  push: {
    enabled: boolean;
    dailyCap: number;
    silentAfterHours: number;
    defaultTimeZone: string;
  };
  referral: { percent: number; days: number };
  train: { schedule: string; afterEvents: number };
}

export interface Handling {
  db: Database;
  settings: WorkerSettings;
  planning: Planning & { catalogue: Pick<Catalogue, 'get' | 'all'> };
  channels: readonly Channel[];
  clock: () => Date;
  log: (line: string) => void;
  deliver: (messageId: string) => Promise<unknown>;
  relayNow: () => Promise<unknown>;
  askForTraining: () => Promise<void>;
  train: () => Promise<unknown>;
  serving: { reload(): Promise<unknown> };
}

/** After a training that failed, only one that is asked for by name starts sooner than this. */
const TRAINING_PAUSE_MS = 1_800_000;

const HOUR = 3_600_000;

/** What each job does. Planning only writes to the outbox; what it wrote goes out at once. */
export function handleJobs(registry: Registry, handling: Handling): void {
  const { db, settings, planning, clock, relayNow } = handling;
  const sendWhat = async (planned: Promise<number>) => {
    if ((await planned) > 0) await relayNow();
  };
  let trainingFailedAt = -Infinity;

  registry.handle('deliver', async ({ messageId }) => {
    await handling.deliver(messageId);
  });
  registry.handle('plan-pushes', async () => {
    if (settings.push.enabled) await sendWhat(planPushes(planning, clock()));
  });
  registry.handle('plan-campaigns', () => sendWhat(planCampaigns(planning, clock())));
  registry.handle('plan-reminders', () => sendWhat(planReminders(planning, clock())));
  registry.handle('plan-picks', () => sendWhat(planPicks(planning, clock())));
  registry.handle('close-challenges', () => sendWhat(closeChallenges(planning, clock())));
  registry.handle('credit-referrals', () => sendWhat(creditReferrals(db, settings.referral, clock())));
  registry.handle('grant-rewards', async () => {
    await grantRewards(handling, clock());
  });
  registry.handle('sweep-silence', async () => {
    const now = clock();
    const sentBefore = new Date(now.getTime() - settings.push.silentAfterHours * HOUR);
    while ((await markSilent(db, { sentBefore, now })) > 0);
  });
  registry.handle('forget', async () => {
    await forgetOldVisitors(db, clock());
    await forgetOldTraces(db, clock());
  });
  registry.handle('check-training', async () => {
    if (await trainingIsDue(db, settings.train.afterEvents)) await handling.askForTraining();
  });
  registry.handle('train', async ({ byHand }) => {
    if (!byHand && clock().getTime() - trainingFailedAt < TRAINING_PAUSE_MS) return;
    try {
      await handling.train();
    } catch (error) {
      trainingFailedAt = clock().getTime();
      throw error;
    }
    await handling.serving.reload();
  });
}
