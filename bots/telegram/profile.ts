/** How the bot shows itself: its commands and what it says of itself, in both languages. */

import { createHash } from 'node:crypto';
import type { TelegramBotCommand, TelegramBotCommandScope } from '@gramio/types';
import { render } from '../../core/language/render.ts';
import { languages, type Language } from '../../core/language/reply.ts';
import type { Database } from '../../prisma/connect.ts';
import { commands, type Command } from '../conversation/commands.ts';
import type { TelegramApi } from './call.ts';
import { keepProfile, knownProfile } from './store.ts';

/** What people whose language we do not speak see. */
const DEFAULT: Language = 'en';

interface Profile {
  commands: { scope: TelegramBotCommandScope; language: Language; commands: TelegramBotCommand[] }[];
  words: { language: Language; description: string; about: string }[];
}

/** Tells Telegram, unless it was told the same before: such calls are few a day. @throws TelegramFailure */
export async function register(api: TelegramApi, db: Database): Promise<void> {
  const profile = describe();
  const hash = createHash('sha256').update(JSON.stringify(profile)).digest('base64url');
  if ((await knownProfile(db, api.botId)) === hash) return;
  for (const { scope, language, commands: listed } of profile.commands) {
    for (const code of codesOf(language))
      await api.call('setMyCommands', { commands: listed, scope, ...(code && { language_code: code }) });
  }
  for (const { language, description, about } of profile.words) {
    for (const code of codesOf(language)) {
      await api.call('setMyDescription', { description, ...(code && { language_code: code }) });
      await api.call('setMyShortDescription', { short_description: about, ...(code && { language_code: code }) });
    }
  }
  await keepProfile(db, api.botId, hash);
}

/** The default language stands for every other too. */
const codesOf = (language: Language): readonly (Language | '')[] =>
  language === DEFAULT ? ['', language] : [language];

function describe(): Profile {
  const scopes = [
    { type: 'all_private_chats', holds: ({ manager }: Command) => !manager },
    { type: 'all_group_chats', holds: ({ open, manager }: Command) => open && !manager },
    { type: 'all_chat_administrators', holds: ({ open, manager }: Command) => open === true || manager },
  ] as const;
  return {
    commands: scopes.flatMap(({ type, holds }) =>
      languages.map((language) => ({
        scope: { type },
        language,
        commands: commands.filter(holds).map(({ name }) => ({
          command: name,
          description: render({ key: `command.${name}` }, language),
        })),
      })),
    ),
    words: languages.map((language) => ({
      language,
      description: render({ key: 'telegram.description' }, language),
      about: render({ key: 'telegram.about' }, language),
    })),
  };
}
