import type { TelegramChat, TelegramMessage, TelegramStarTransaction, TelegramUser } from '@gramio/types';
import { UploadedFile } from './check.ts';

type Params = Readonly<Record<string, unknown>>;

/** What Telegram answers to a call that it accepts. */
export class Results {
  private lastMessage = 1000;
  private lastFile = 0;
  private readonly texts = new Map<string, string>();
  private readonly messages = new Map<string, TelegramMessage>();
  /** By file id, what was uploaded or may be downloaded. */
  readonly files = new Map<string, Buffer>();
  /** The bot's book of Stars, oldest first. */
  readonly transactions: TelegramStarTransaction[] = [];

  constructor(private readonly me: TelegramUser) {}

  /** As it stands now; something of that number when the bot never sent it. */
  messageAt(chat: number, id: number): TelegramMessage {
    const known = this.messages.get(`${chat}/${id}`);
    return known ?? { message_id: id, date: 1, chat: chatOf(chat), from: this.me, text: '…' };
  }

  newMessageId = (): number => ++this.lastMessage;

  /** @returns the words of a refusal, or the result. */
  of(method: string, params: Params): { result: unknown } | { refusal: string } {
    if (method === 'getMe') return { result: this.me };
    if (method.startsWith('edit')) return this.edit(params);
    if (method.startsWith('send') && method !== 'sendChatAction') return { result: this.message(params) };
    if (method === 'deleteMessage') {
      const known = this.texts.delete(keyOf(params));
      return known ? { result: true } : { refusal: 'Bad Request: message to delete not found' };
    }
    if (method === 'getChatMember') {
      const user = { id: params['user_id'] as number, is_bot: false, first_name: 'Member' };
      return { result: { status: 'member', user } };
    }
    if (method === 'getFile') {
      const id = String(params['file_id']);
      if (!this.files.has(id)) return { refusal: 'Bad Request: invalid file_id' };
      return { result: { file_id: id, file_unique_id: `u${id}`, file_path: `documents/${id}` } };
    }
    if (method === 'createInvoiceLink') return { result: `https://t.me/$${this.newMessageId()}` };
    if (method === 'getStarTransactions') {
      const { offset = 0, limit = 100 } = params as { offset?: number; limit?: number };
      return { result: { transactions: this.transactions.slice(offset, offset + limit) } };
    }
    if (method === 'getMyCommands' || method === 'getChatAdministrators') return { result: [] };
    return { result: true };
  }

  private edit(params: Params): { result: unknown } | { refusal: string } {
    if (params['inline_message_id'] !== undefined) return { result: true };
    const before = this.texts.get(keyOf(params));
    if (before === undefined) return { refusal: 'Bad Request: message to edit not found' };
    const after = { ...(JSON.parse(before) as Params), ...params };
    if (!('reply_markup' in params)) delete after['reply_markup'];
    const now = JSON.stringify(after);
    if (now === before) {
      return {
        refusal:
          'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      };
    }
    this.texts.set(keyOf(params), now);
    return { result: this.message(after, params['message_id'] as number) };
  }

  private message(params: Params, id = this.newMessageId()): TelegramMessage {
    const chat = chatOf(Number(params['chat_id']));
    this.texts.set(keyOf({ ...params, message_id: id }), JSON.stringify({ ...params, message_id: id }));
    const message: Record<string, unknown> = {
      message_id: id,
      date: Math.floor(Date.now() / 1000),
      chat,
      from: this.me,
    };
    for (const name of ['text', 'caption', 'message_thread_id'] as const)
      if (params[name] !== undefined) message[name] = params[name];
    if (params['message_thread_id'] !== undefined) message['is_topic_message'] = true;
    if ((params['reply_markup'] as { inline_keyboard?: unknown } | undefined)?.inline_keyboard)
      message['reply_markup'] = params['reply_markup'];
    if (params['photo'] !== undefined) {
      const size = { width: 640, height: 360, ...this.file(params['photo']) };
      message['photo'] = [{ ...size, width: 90, height: 51, file_id: `${size.file_id}-s` }, size];
    }
    if (params['document'] !== undefined) {
      const { document } = params as { document: unknown };
      message['document'] = {
        ...this.file(document),
        ...(document instanceof UploadedFile && { file_name: document.name, file_size: document.content.length }),
      };
    }
    if (params['question'] !== undefined) message['poll'] = this.poll(params);
    if (params['currency'] !== undefined) {
      message['invoice'] = {
        title: params['title'],
        description: params['description'],
        start_parameter: '',
        currency: params['currency'],
        total_amount: (params['prices'] as { amount: number }[]).reduce((sum, { amount }) => sum + amount, 0),
      };
    }
    const made = message as unknown as TelegramMessage;
    this.messages.set(keyOf({ chat_id: params['chat_id'], message_id: id }), made);
    return made;
  }

  private poll(params: Params) {
    const options = params['options'] as { text: string }[];
    return {
      id: String(8_000_000_000 + this.newMessageId()),
      question: params['question'],
      options: options.map(({ text }, index) => ({ persistent_id: String(index), text, voter_count: 0 })),
      total_voter_count: 0,
      is_closed: false,
      is_anonymous: params['is_anonymous'] ?? true,
      type: params['type'] ?? 'regular',
      allows_multiple_answers: false,
      allows_revoting: false,
      members_only: false,
    };
  }

  private file(given: unknown): { file_id: string; file_unique_id: string } {
    let id = String(given);
    if (given instanceof UploadedFile) {
      id = `file-${++this.lastFile}`;
      this.files.set(id, given.content);
    } else if (/^https?:/.test(id)) id = `file-${++this.lastFile}`;
    return { file_id: id, file_unique_id: `u${id}` };
  }
}

const keyOf = (params: Params): string => `${params['chat_id'] as number}/${params['message_id'] as number}`;

/** A chat by its id, as Telegram numbers them. */
export function chatOf(id: number): TelegramChat {
  if (id > 0) return { id, type: 'private', first_name: `Person ${id}` };
  return id < -1_000_000_000_000
    ? { id, type: 'supergroup', title: `Group ${id}` }
    : { id, type: 'group', title: `Group ${id}` };
}
