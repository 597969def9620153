/** Where several people talk: which community it is, and who may manage it. */

import type { TelegramChat } from '@gramio/types';
import { decodePress } from '../../core/language/reply.ts';
import { meetCommunity } from '../../core/campaign/community/store.ts';
import { commands } from '../conversation/commands.ts';
import type { Group } from '../conversation/turn.ts';
import type { Desk } from './desk.ts';
import type { Sender } from './turn.ts';

/** How long it is believed who is an admin. */
const BELIEVED_MS = 60_000;
const MOST_BELIEVED = 5_000;

/** What only managers may do, and what managers may do or see more of. */
const MANAGING: ReadonlySet<string> = new Set([
  'challenge',
  'help',
  ...commands.filter(({ manager }) => manager).flatMap(({ name, press }) => [name, press.action]),
]);

export interface Crowd {
  /**
   * The community of a turn.
   *
   * @param does the command, or the id of the button, or 'attachment': who is an admin is asked only
   *   where it matters.
   */
  groupOf(chat: TelegramChat, sender: Sender, topic: number | undefined, does: string | undefined): Promise<Group>;
}

export function createCrowd({ api, services }: Desk): Crowd {
  const believed = new Map<string, { admin: boolean; until: number }>();
  return {
    async groupOf(chat, sender, topic, does) {
      const [{ id }, admin] = await Promise.all([
        meetCommunity(services.db, { channel: 'telegram', chat: String(chat.id), title: chat.title ?? '' }),
        does !== undefined && isManaging(does) && isAdmin(chat, sender),
      ]);
      return { id, ...(topic !== undefined && { thread: String(topic) }), admin, discreet: false };
    },
  };

  async function isAdmin(chat: TelegramChat, sender: Sender): Promise<boolean> {
    // Only admins may hide behind their group.
    if (sender.anonymous) return true;
    const key = `${chat.id}/${sender.chat}`;
    const known = believed.get(key);
    if (known && known.until > Date.now()) return known.admin;
    const member = await api.call('getChatMember', { chat_id: chat.id, user_id: Number(sender.chat) });
    const admin = member.status === 'creator' || member.status === 'administrator';
    believed.set(key, { admin, until: Date.now() + BELIEVED_MS });
    if (believed.size > MOST_BELIEVED) believed.delete(believed.keys().next().value!);
    return admin;
  }
}

const isManaging = (does: string): boolean =>
  does === 'attachment' || MANAGING.has(does) || MANAGING.has(decodePress(does)?.action ?? '');
