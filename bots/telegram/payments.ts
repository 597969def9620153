import type { TelegramPreCheckoutQuery, TelegramSuccessfulPayment } from '@gramio/types';
import { localised, render } from '../../core/language/render.ts';
import type { Language, Localised, Text } from '../../core/language/reply.ts';
import { learnerAt } from '../../core/learner/store.ts';
import { errorText } from '../../core/numerics/error-text.ts';
import { STARS } from '../../core/numerics/money.ts';
import { payloadOf } from '../conversation/deep-link.ts';
import type { Payments } from '../conversation/services.ts';
import { splitText } from '../message/split.ts';
import type { Params, TelegramApi } from './call.ts';
import type { Desk, TelegramPayments } from './desk.ts';
import { TelegramFailure } from './failure.ts';
import { localeOf } from './turn.ts';

export interface PaymentOptions {
  /** Stars for one unit of a course's currency, where the course names no price in Stars. */
  starsPerUnit: number | undefined;
  /** Of a payment provider, for courses that are physical or live. */
  providerToken: string | undefined;
}

/** Telegram awaits the answer to a pre-checkout query for 10 seconds. */
const ANSWER_WITHIN_MS = 7_000;
const LONGEST_TITLE = 32;
const LONGEST_DESCRIPTION = 255;

/** How Telegram sells and gives back: needs a bot's token, not a bot that is listening. */
export function createStars(api: TelegramApi, { starsPerUnit, providerToken }: PaymentOptions): Payments {
  return {
    starsPerUnit,
    ownCurrency: providerToken !== undefined,
    async refund({ chargeId, chat, provider }) {
      if (provider !== 'stars') throw new Error('Only Stars can be given back by the Bot API');
      try {
        await api.call('refundStarPayment', { user_id: Number(chat), telegram_payment_charge_id: chargeId });
      } catch (error) {
        if (!isGivenBack(error)) throw error;
      }
    },
  };
}

const isGivenBack = (error: unknown): boolean =>
  error instanceof TelegramFailure && /CHARGE_ALREADY_REFUNDED/i.test(error.reason);

/**
 * Paying in Telegram: Stars for what is digital, a payment provider for what is physical or live. What
 * a payment comes to is the cashier's; here it is translated. `services.payments.telegram` is to be
 * set to it.
 */
export function createTelegramPayments({ api, services }: Desk, options: PaymentOptions): TelegramPayments & Payments {
  const { cashier, db, log } = services;
  const { providerToken } = options;
  return {
    ...createStars(api, options),

    invoice(invoice, language) {
      const title = inWords(invoice.title, language);
      return {
        title: clipped(title, LONGEST_TITLE),
        description: clipped(inWords(invoice.description, language), LONGEST_DESCRIPTION),
        payload: invoice.id,
        provider_token: invoice.currency === STARS ? '' : (providerToken ?? ''),
        currency: invoice.currency as Params<'sendInvoice'>['currency'],
        prices: [{ label: clipped(title, LONGEST_TITLE), amount: invoice.amount }],
        // A forwarded copy leads to the course instead of letting a stranger pay this invoice.
        start_parameter: payloadOf('course', invoice.course),
      };
    },

    async preCheckout(query) {
      const language = localeOf(query.from);
      const late = timeOut(ANSWER_WITHIN_MS);
      const refusal = await Promise.race([objectionTo(query), late.reached]).catch((error: unknown) => {
        log(`A payment could not be looked at: ${errorText(error)}`);
        return { text: LATER, language };
      });
      late.clear();
      const answer = refusal
        ? { ok: false, error_message: render(refusal.text, refusal.language ?? language) }
        : { ok: true };
      await api.call('answerPreCheckoutQuery', { pre_checkout_query_id: query.id, ...answer }).catch(ifNotTooLate);
    },

    paid: (payment, { learner, chat, at }) =>
      cashier.paid({ ...chargeOf(payment), learnerId: learner.id, channel: 'telegram', chat, at }),

    refunded: ({ telegram_payment_charge_id: chargeId }, { at }) => cashier.refunded({ chargeId, at }),
  };

  async function objectionTo(query: TelegramPreCheckoutQuery): Promise<Refusal | undefined> {
    const learner = await learnerAt(db, 'telegram', String(query.from.id));
    const text = learner
      ? await cashier.approve({
          invoiceId: query.invoice_payload,
          learnerId: learner.id,
          channel: 'telegram',
          amount: query.total_amount,
          currency: query.currency,
          at: new Date(),
        })
      : NOT_YOURS;
    return text && { text, language: learner?.language };
  }
}

interface Refusal {
  text: Text;
  /** Of the learner, if they have chosen one. */
  language?: Language | null | undefined;
}

const LATER: Text = { key: 'checkout.later' };
const NOT_YOURS: Text = { key: 'checkout.invoice.not-yours' };

const chargeOf = (payment: TelegramSuccessfulPayment) => ({
  chargeId: payment.telegram_payment_charge_id,
  invoiceId: payment.invoice_payload,
  amount: payment.total_amount,
  currency: payment.currency,
});

function timeOut(ms: number) {
  let timer: NodeJS.Timeout | undefined;
  const reached = new Promise<Refusal>((resolve) => {
    timer = setTimeout(() => resolve({ text: LATER }), ms);
  });
  return { reached, clear: () => clearTimeout(timer) };
}

/** A query that waited for us until Telegram gave up is nobody's failure: nothing was charged. */
function ifNotTooLate(error: unknown): void {
  if (!(error instanceof TelegramFailure && error.kind === 'permanent')) throw error;
}

function inWords(words: Text | Localised, language: Language): string {
  return 'key' in words || 'template' in words ? render(words, language) : (localised(words, language) ?? '');
}

/** @param limit in UTF-16 units. */
export function clipped(text: string, limit: number): string {
  const whole = text.replaceAll(/\s+/g, ' ').trim();
  return whole.length <= limit ? whole : `${splitText(whole, limit - 1)[0]!}…`;
}
