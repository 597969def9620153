import type { TelegramUser, TelegramWebhookInfo } from '@gramio/types';
import type { Finding } from '../bot.ts';
import { createTelegramApi } from './call.ts';
import { TelegramFailure } from './failure.ts';
import type { TelegramSettings } from './settings.ts';
import { WEBHOOK_PATH } from './webhook.ts';

/** A webhook that failed within this time is in trouble now. */
const RECENT_S = 3_600;
/** More updates waiting than this are not fetched by anybody. */
const MANY_WAITING = 100;

/** Looks at the bot from Telegram's side; for `coursebell doctor`. */
export async function checkTelegram(settings: TelegramSettings): Promise<Finding[]> {
  const { telegramToken: token, telegramApi } = settings.platforms;
  if (token === undefined)
    return [{ what: 'Telegram', state: 'off', found: 'TELEGRAM_BOT_TOKEN is not set', fix: 'Set it to have Telegram' }];
  const api = createTelegramApi({ token, apiRoot: telegramApi });
  try {
    const [me, webhook] = [await api.call('getMe', {}), await api.call('getWebhookInfo', {})];
    return [
      { what: 'Telegram token', state: 'ok', found: `is that of @${me.username ?? me.first_name}` },
      receiving(settings, webhook),
      groups(me),
      inline(me),
      paying(settings),
    ];
  } catch (error) {
    return [trouble(error)];
  }
}

function trouble(error: unknown): Finding {
  if (!(error instanceof TelegramFailure)) throw error;
  if (error.kind === 'unauthorised')
    return {
      what: 'Telegram token',
      state: 'wrong',
      found: 'Telegram knows no bot with this token',
      fix: 'Copy it anew from @BotFather (/mybots, your bot, API Token) into TELEGRAM_BOT_TOKEN',
    };
  return {
    what: 'Telegram',
    state: 'wrong',
    found: `does not answer (${error.reason})`,
    fix: 'See whether this machine reaches api.telegram.org; TELEGRAM_API names another Bot API server',
  };
}

function receiving({ telegram, publicUrl }: TelegramSettings, info: TelegramWebhookInfo): Finding {
  const what = 'Telegram updates';
  const waiting = `${info.pending_update_count} updates wait`;
  if (telegram.receive === 'polling') {
    if (info.url !== '')
      return {
        what,
        state: 'warning',
        found: 'are brought to a webhook, and fetched according to "telegram.receive"',
        fix: 'Start Coursebell: it takes the webhook away; or set "telegram": {"receive": "webhook"}',
      };
    if (info.pending_update_count > MANY_WAITING)
      return { what, state: 'warning', found: `are to be fetched; ${waiting}`, fix: 'Start Coursebell' };
    return { what, state: 'ok', found: 'are fetched' };
  }
  if (!publicUrl?.startsWith('https://'))
    return {
      what,
      state: 'wrong',
      found: 'are to be brought to a webhook, and "publicUrl" is not an https address',
      fix: 'Set "publicUrl" to the https address of this server, or "telegram": {"receive": "polling"}',
    };
  const url = `${publicUrl.replace(/\/$/, '')}${WEBHOOK_PATH}`;
  if (info.url !== url)
    return { what, state: 'warning', found: 'are not brought to this server yet', fix: 'Start Coursebell' };
  const failed = info.last_error_date !== undefined && Date.now() / 1000 - info.last_error_date < RECENT_S;
  if (failed)
    return {
      what,
      state: 'wrong',
      found: `do not arrive: ${info.last_error_message ?? 'no reason given'}; ${waiting}`,
      fix: `See that ${url} is reached from the internet, with a valid certificate`,
    };
  return { what, state: 'ok', found: `are brought to ${url}` };
}

function groups(me: TelegramUser): Finding {
  const what = 'Telegram groups';
  if (me.can_join_groups === false)
    return {
      what,
      state: 'warning',
      found: 'the bot can not be added to any',
      fix: 'For use in groups: @BotFather, /setjoingroups, Enable',
    };
  if (me.can_read_all_group_messages)
    return {
      what,
      state: 'warning',
      found: 'the bot is sent every message of its groups, and needs only those that name it',
      fix: 'Turn privacy mode on: @BotFather, /setprivacy, Enable; then add the bot to its groups again',
    };
  return { what, state: 'ok', found: 'privacy mode is on: commands, answers and mentions reach the bot' };
}

const inline = (me: TelegramUser): Finding =>
  me.supports_inline_queries
    ? { what: 'Telegram inline', state: 'ok', found: `@${me.username ?? ''} and words share a course in any chat` }
    : {
        what: 'Telegram inline',
        state: 'off',
        found: 'courses can not be shared from other chats',
        fix: 'To have it: @BotFather, /setinline, and /setinlinefeedback (100 %) to see what is shared',
      };

function paying({ telegram, platforms }: TelegramSettings): Finding {
  const what = 'Telegram payments';
  const rate = telegram.starsPerUnit;
  const stars =
    rate === undefined ? 'Stars for courses with a price_stars column' : `Stars, ${rate} for one unit of money`;
  const live = platforms.telegramProviderToken ? '; a provider for physical and live courses' : '';
  if (rate === undefined)
    return {
      what,
      state: 'warning',
      found: `${stars}${live}`,
      fix: 'Other courses can not be bought in Telegram: set "telegram": {"starsPerUnit": …} to sell them too',
    };
  return { what, state: 'ok', found: `${stars}${live}` };
}
