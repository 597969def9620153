import type { Services } from '../../../bots/conversation/services.ts';
import { meetCommunity, trustCommunity, type Community } from '../../../core/campaign/community/store.ts';
import { Person } from './chat.ts';

let made = 0;

/** A group of its own, trusted by the operator unless told otherwise. */
export async function newCommunity(
  services: Services,
  { trusted = true, channel = 'telegram' }: { trusted?: boolean; channel?: Community['channel'] } = {},
): Promise<Community> {
  const met = await meetCommunity(services.db, { channel, chat: `-100${made++}`, title: 'Study circle' });
  return (await trustCommunity(services.db, met.id, trusted))!;
}

/** Somebody in that group. */
export async function member(
  services: Services,
  { id, chat }: Community,
  { admin = true, discreet = false, thread, language = 'en' }: MemberOptions = {},
): Promise<Person> {
  const person = await Person.arrive(services, language);
  return person.enters({ id, admin, discreet, ...(thread !== undefined && { thread }) }, chat);
}

export interface MemberOptions {
  admin?: boolean;
  discreet?: boolean;
  thread?: string;
  language?: 'zh' | 'en';
}
