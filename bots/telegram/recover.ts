import { setTimeout as pause } from 'node:timers/promises';
import type { TelegramStarTransaction } from '@gramio/types';
import { unsettled } from '../../core/campaign/invoice/store.ts';
import type { Reply } from '../../core/language/reply.ts';
import { meetLearner } from '../../core/learner/store.ts';
import { errorText } from '../../core/numerics/error-text.ts';
import type { Desk } from './desk.ts';
import { ANSWERING, type Outlet } from './outlet.ts';
import { keepTransactions, knownTransactions } from './store.ts';
import { localeOf } from './turn.ts';

/** An update that tells of a payment is worked on and told within this time, or was lost. */
const UNDER_WAY_MS = 600_000;
const EVERY_MS = 3_600_000;
const PAGE = 100;

export interface RecoverDesk extends Desk {
  outlet: Outlet;
}

/** Looks for lost payments, now and every hour, until it is told to stop. Never rejects. */
export async function keepRecovering(desk: RecoverDesk, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await recoverPayments(desk, new Date(), signal).catch((error: unknown) => {
      if (!signal.aborted) desk.services.log(`Telegram does not tell its payments: ${errorText(error)}`);
    });
    await pause(EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

/**
 * Goes through what Telegram has booked since the last time, and delivers what was paid for and what
 * no update has told us, or what we failed at: Telegram forgets its updates after a day, its books
 * it keeps. What is not for an invoice of ours is left alone.
 *
 * @returns how many payments were delivered.
 */
export async function recoverPayments(desk: RecoverDesk, now: Date, signal?: AbortSignal): Promise<number> {
  const { api, services } = desk;
  let delivered = 0;
  for (;;) {
    const offset = await knownTransactions(services.db, api.botId);
    const { transactions } = await api.call(
      'getStarTransactions',
      { offset, limit: PAGE },
      { ...(signal && { signal }) },
    );
    const settled = transactions.filter(({ date }) => date * 1000 <= now.getTime() - UNDER_WAY_MS);
    delivered += await settle(desk, settled);
    await keepTransactions(services.db, api.botId, offset + settled.length);
    if (settled.length < PAGE) break;
  }
  if (delivered > 0) services.log(`Payments of which no update had told, delivered now: ${delivered}`);
  return delivered;
}

async function settle(desk: RecoverDesk, transactions: readonly TelegramStarTransaction[]): Promise<number> {
  const { db, cashier } = desk.services;
  const paid = transactions.flatMap((transaction) => {
    const { source } = transaction;
    return source?.type === 'user' && source.transaction_type === 'invoice_payment' && source.invoice_payload
      ? [{ ...transaction, user: source.user, invoiceId: source.invoice_payload }]
      : [];
  });
  const open = await unsettled(
    db,
    paid.map(({ id, invoiceId }) => ({ chargeId: id, invoiceId })),
  );
  for (const { id, date, amount, user, invoiceId } of paid) {
    if (!open.has(id)) continue;
    const chat = String(user.id);
    const learner = await meetLearner(db, 'telegram', chat, { reachable: true });
    const at = new Date(date * 1000);
    const payment = { chargeId: id, invoiceId, learnerId: learner.id, amount, currency: 'XTR', at };
    const replies = await cashier.paid({ ...payment, channel: 'telegram', chat });
    await tell(desk, chat, learner.id, replies, learner.language ?? localeOf(user));
  }
  // What went back has the id of what came.
  for (const { id, date, receiver } of transactions)
    if (receiver?.type === 'user') await cashier.refunded({ chargeId: id, at: new Date(date * 1000) });
  return open.size;
}

/** The order stands: who has blocked the bot meanwhile finds it in their courses. */
async function tell(
  { outlet, services }: RecoverDesk,
  chat: string,
  learnerId: string,
  replies: readonly Reply[],
  language: 'zh' | 'en',
): Promise<void> {
  await outlet
    .send({ chat, learnerId }, replies, { language, patience: ANSWERING })
    .catch((error: unknown) => services.log(`A receipt could not be sent: ${errorText(error)}`));
}
