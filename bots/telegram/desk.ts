import type {
  TelegramChosenInlineResult,
  TelegramInlineQuery,
  TelegramPreCheckoutQuery,
  TelegramRefundedPayment,
  TelegramSuccessfulPayment,
} from '@gramio/types';
import type { Invoice, Language, Reply } from '../../core/language/reply.ts';
import type { Learner } from '../../core/learner/learner.ts';
import type { BotServices } from '../bot.ts';
import type { Params, TelegramApi } from './call.ts';

/** What every part of the adapter works with. */
export interface Desk {
  api: TelegramApi;
  services: BotServices;
}

/** Who paid, or got their money back, and in which private chat. */
export interface Payer {
  learner: Learner;
  chat: string;
  /** Of the learner, else what Telegram says they speak. */
  language: Language;
  /** Id of the update: the same one may come again. */
  update: string;
  /** When Telegram wrote it. */
  at: Date;
}

/** Paying in Telegram (`payments.ts`). */
export interface TelegramPayments {
  /** A message that asks for the money; its button to pay comes by itself. */
  invoice(
    invoice: Invoice,
    language: Language,
  ): Omit<Params<'sendInvoice'>, 'chat_id' | 'message_thread_id' | 'reply_parameters'>;
  /** Approves or refuses with `answerPreCheckoutQuery`, which Telegram awaits for 10 s; it waits behind no turn. */
  preCheckout(query: TelegramPreCheckoutQuery): Promise<void>;
  /** @returns what the payer is told. May run again for the same update. */
  paid(payment: TelegramSuccessfulPayment, payer: Payer): Promise<Reply[]>;
  /** Money that went back, whoever sent it back. @returns what the payer is told. */
  refunded(payment: TelegramRefundedPayment, payer: Payer): Promise<Reply[]>;
}

/** Course cards shared from any chat by `@bot words` (`inline.ts`). */
export interface TelegramInline {
  /** Answers with `answerInlineQuery`. Such queries are not kept: one that a crash lost is typed again. */
  query(query: TelegramInlineQuery): Promise<void>;
  chosen(result: TelegramChosenInlineResult): Promise<void>;
}
