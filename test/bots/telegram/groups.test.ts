import type { TelegramChatMember, TelegramChatMemberUpdated, TelegramMessage } from '@gramio/types';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BotServices } from '../../../bots/bot.ts';
import type { Conversation } from '../../../bots/conversation/conversation.ts';
import type { Turn } from '../../../bots/conversation/turn.ts';
import type { TelegramBot } from '../../../bots/telegram/bot.ts';
import { eventsOf } from '../../../core/behaviour/store.ts';
import { findCommunity } from '../../../core/campaign/community/store.ts';
import { writeMessages } from '../../../core/campaign/message/store.ts';
import { addressesOf, learnerAt, meetLearner, setConsent } from '../../../core/learner/store.ts';
import { createTelegramDouble, personOf, type Call, type TelegramDouble } from '../../doubles/telegram/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { botFor, dataOf, idOf } from './bot.ts';
import { botServices } from './services.ts';

const db = testDatabase();
let telegram: TelegramDouble;
let services: BotServices;
let bot: TelegramBot;
let turns: Turn[];
let group = -1_001_000_000_000;
const now = () => Math.floor(Date.now() / 1000);

beforeAll(async () => {
  const made = await botServices(db, () => {});
  const conversation: Conversation = {
    handle(turn) {
      turns.push(turn);
      return made.conversation.handle(turn);
    },
  };
  services = { ...made, conversation };
});
beforeEach(async () => {
  group--;
  turns = [];
  await db.pool.query('delete from updates');
  telegram = await createTelegramDouble();
  bot = botFor(telegram, services);
  await bot.start();
});
afterEach(async () => {
  await bot.close();
  await telegram.close();
});

const text = ({ params }: Call): string => String(params['text']);
const answered = (chat: number) =>
  telegram.until(() =>
    telegram.calls.some(({ method, params }) => method === 'sendMessage' && params['chat_id'] === String(chat)),
  );
const mention = (words: string, more: Partial<TelegramMessage> = {}) =>
  telegram.message(group, `${words} @Coursebell_bot`, more);

describe('in a group', () => {
  test('only what names the bot, answers it or is its command is heard', async () => {
    telegram.message(group, 'just chatting about excel');
    telegram.message(group, '/search@other_bot excel');
    telegram.message(group, '/weather today');
    telegram.message(group, 'mail to coursebell_botanic@example.org');
    mention('search excel');
    const list = await telegram.next('sendMessage');
    expect(turns.map((turn) => turn.input)).toEqual([{ text: 'search excel' }]);
    expect(list.params).toMatchObject({ chat_id: String(group) });
    expect(list.params['reply_parameters']).toMatchObject({ allow_sending_without_reply: true });
    expect(list.params).not.toHaveProperty('message_thread_id');
    telegram.message(group, '/search@coursebell_bot music');
    await telegram.next('sendMessage');
    telegram.message(group, 'more', {
      reply_to_message: {
        message_id: idOf(list),
        date: 1,
        chat: { id: group, type: 'supergroup', title: 'G' },
        from: telegram.me,
      },
    });
    await telegram.next('sendMessage');
    expect(turns.slice(1).map((turn) => turn.input)).toEqual([{ text: '/search music' }, { text: 'more' }]);
  });

  test('each member has a conversation of their own, and is not written to for it', async () => {
    mention('recommend', { from: personOf(501) });
    const list = await telegram.next('sendMessage');
    telegram.press(group, idOf(list), dataOf(list, 'course|'), personOf(502, 'zh'));
    await telegram.next('sendPhoto');
    expect(turns.map(({ chat, locale }) => [chat, locale])).toEqual([
      [`${group}/501`, 'en'],
      [`${group}/502`, 'zh'],
    ]);
    const community = await findCommunity(db, 'telegram', String(group));
    expect(turns.map((turn) => turn.group)).toEqual(
      Array(2).fill({ id: community?.id, admin: false, discreet: false }),
    );
    const learner = (await learnerAt(db, 'telegram', '501'))!;
    expect(await addressesOf(db, learner.id, { for: 'service' })).toEqual([]);
    telegram.message(501, 'hello');
    await answered(501);
    expect(await addressesOf(db, learner.id, { for: 'service' })).toHaveLength(1);
  });

  test('what is personal is answered with a way into the private chat', async () => {
    telegram.message(group, '/profile');
    const answer = await telegram.next('sendMessage');
    expect(JSON.stringify(answer.params['reply_markup'])).toContain('https://t.me/coursebell_bot?start=');
  });

  test('an answer stays in its forum topic, and leaves one that is gone', async () => {
    const inTopic = { message_thread_id: 33, is_topic_message: true } as const;
    mention('recommend', inTopic);
    expect((await telegram.next('sendMessage')).params['message_thread_id']).toBe(33);
    expect(turns[0]?.group?.thread).toBe('33');
    telegram.on('sendMessage', ({ params }) =>
      params['message_thread_id'] === undefined
        ? undefined
        : { error: 400, description: 'Bad Request: message thread not found' },
    );
    mention('recommend', inTopic);
    expect((await telegram.next('sendMessage')).params).not.toHaveProperty('message_thread_id');
  });

  test('who is an admin is asked where it matters, once a minute', async () => {
    telegram.on('getChatMember', ({ params }) => ({
      result: {
        status: params['user_id'] === 601 ? 'administrator' : 'member',
        user: personOf(Number(params['user_id'])),
      },
    }));
    mention('recommend', { from: personOf(601) });
    telegram.message(group, '/campaign', { from: personOf(601) });
    telegram.message(group, '/campaign', { from: personOf(601) });
    telegram.message(group, '/campaign', { from: personOf(602) });
    telegram.message(group, '/campaign', {
      from: { id: 1_087_968_824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' },
      sender_chat: { id: group, type: 'supergroup', title: 'G' },
    });
    await telegram.until(() => turns.length === 5);
    expect(turns.filter((turn) => turn.chat === `${group}/601`).map((turn) => turn.group?.admin)).toEqual([
      false,
      true,
      true,
    ]);
    expect(turns.find((turn) => turn.chat === `${group}/602`)?.group?.admin).toBe(false);
    expect(turns.find((turn) => turn.chat === `${group}/admin`)).toMatchObject({
      group: { admin: true },
      recordable: false,
    });
    expect(telegram.calls.filter((call) => call.method === 'getChatMember')).toHaveLength(2);
  });

  test('a plan comes as an attached file, with the admin’s right asked', async () => {
    telegram.files.set('plan', Buffer.from('{"name": "spring"}'));
    telegram.on('getChatMember', () => ({ result: { status: 'administrator', user: personOf(7001) } }));
    telegram.message(group, '', {
      document: {
        file_id: 'plan',
        file_unique_id: 'u',
        file_name: 'plan.json',
        mime_type: 'application/json',
        file_size: 18,
      },
      caption: '/campaign',
    });
    await telegram.next('sendMessage');
    expect(turns[0]).toMatchObject({
      input: { text: '/campaign' },
      attachment: { name: 'plan.json', content: '{"name": "spring"}' },
      group: { admin: true },
    });
    telegram.message(group, '', {
      document: { file_id: 'plan', file_unique_id: 'u', file_name: 'holiday.json', mime_type: 'application/json' },
    });
    mention('recommend');
    await telegram.next('sendMessage');
    expect(turns).toHaveLength(2);
  });

  test('channels, edits and other bots are not answered', async () => {
    const channel = { id: -1_009_999_999_999, type: 'channel', title: 'C' } as const;
    mention('recommend', { sender_chat: channel, from: { id: 136_817_688, is_bot: true, first_name: 'Channel' } });
    telegram.push({ channel_post: { message_id: 1, date: now(), chat: channel, text: '/recommend' } });
    telegram.push({
      edited_message: {
        message_id: 1,
        date: now(),
        chat: { id: group, type: 'supergroup', title: 'G' },
        from: personOf(9),
        text: '/recommend',
      },
    });
    mention('help');
    await telegram.next('sendMessage');
    expect(turns).toHaveLength(1);
  });

  test('a group that becomes a supergroup stays the same community', async () => {
    const old = -5_000_000 + (group % 1000);
    telegram.message(old, '/recommend');
    await telegram.next('sendMessage');
    const before = await findCommunity(db, 'telegram', String(old));
    telegram.push({
      message: {
        message_id: 5,
        date: now(),
        chat: { id: old, type: 'group', title: 'G' },
        from: personOf(9),
        migrate_to_chat_id: group,
      },
    });
    await telegram.until(() => telegram.pending.length === 0);
    mention('recommend');
    await answered(group);
    expect((await findCommunity(db, 'telegram', String(group)))?.id).toBe(before?.id);
    expect(turns.at(-1)?.group?.id).toBe(before?.id);
  });
});

const rights = Object.fromEntries([
  ['is_anonymous', false],
  ...['be_edited', 'manage_chat', 'delete_messages', 'manage_video_chats', 'restrict_members', 'promote_members']
    .concat(['change_info', 'invite_users', 'post_stories', 'edit_stories', 'delete_stories', 'send_welcome_messages'])
    .map((right) => [`can_${right}`, false] as const),
]);

describe('my_chat_member', () => {
  const member = (status: 'member' | 'kicked' | 'left' | 'administrator'): TelegramChatMember =>
    ({
      status,
      user: telegram.me,
      ...(status === 'kicked' && { until_date: 0 }),
      ...(status === 'administrator' && rights),
    }) as TelegramChatMember;
  const changed = (
    chat: TelegramChatMemberUpdated['chat'],
    from: number,
    before: TelegramChatMember,
    after: TelegramChatMember,
  ) =>
    telegram.push({
      my_chat_member: { chat, from: personOf(from), date: now(), old_chat_member: before, new_chat_member: after },
    });

  test('a block takes the address away at once, and is an event and an outcome', async () => {
    const learner = await meetLearner(db, 'telegram', '701', { reachable: true });
    const at = new Date();
    await setConsent(db, {
      learnerId: learner.id,
      kind: 'recording',
      granted: true,
      channel: 'telegram',
      wording: 't',
      at,
    });
    const id = '00000000-0000-4000-8000-000000000001';
    await writeMessages(
      db.pool,
      [
        {
          id,
          idempotencyKey: 'k',
          learnerId: learner.id,
          kind: 'push',
          campaignId: null,
          reply: { text: { key: 'thanks' } },
          circumstances: {},
          notBefore: at,
          expiresAt: new Date(at.getTime() + 1e6),
        },
      ],
      at,
    );
    await db.pool.query(
      `update outbox_messages set status = 'sent', sent_at = now(), channel = 'telegram', platform_id = '1' where id = $1`,
      [id],
    );
    const chat = { id: 701, type: 'private', first_name: 'P' } as const;
    changed(chat, 701, member('member'), member('kicked'));
    await telegram.until(() => telegram.pending.length === 0);
    await bot.close();
    expect(await addressesOf(db, learner.id, { for: 'service' })).toEqual([]);
    expect((await eventsOf(db, learner.id)).map(({ type, circumstances }) => [type, circumstances])).toEqual([
      ['block', { message: id }],
    ]);
    const { rows } = await db.pool.query('select outcome from outbox_messages where id = $1', [id]);
    expect(rows).toEqual([{ outcome: 'blocked' }]);
    bot = botFor(telegram, services);
    await bot.start();
    changed(chat, 701, member('kicked'), member('member'));
    telegram.message(702, '/help');
    await telegram.next('sendMessage');
    expect(await addressesOf(db, learner.id, { for: 'service' })).toHaveLength(1);
    expect(
      telegram.calls.filter((call) => call.method === 'sendMessage').map((call) => call.params['chat_id']),
    ).toEqual(['702']);
  });

  test('a group is greeted once, and left when the bot is put out', async () => {
    const chat = { id: group, type: 'supergroup', title: 'Learners' } as const;
    changed(chat, 9, member('left'), member('member'));
    expect(text(await telegram.next('sendMessage'))).toContain('@coursebell_bot');
    changed(chat, 9, member('member'), member('administrator'));
    changed(chat, 9, member('administrator'), member('kicked'));
    telegram.message(702, '/help');
    await telegram.next('sendMessage');
    expect(await findCommunity(db, 'telegram', String(group))).toMatchObject({ active: false, title: 'Learners' });
    expect(telegram.calls.filter((call) => call.params['chat_id'] === String(group))).toHaveLength(1);
  });
});
