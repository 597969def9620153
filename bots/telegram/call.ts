import type { APIMethodParams, APIMethodReturn, APIMethods } from '@gramio/types';
import { Telegram } from 'telegraf';
import { failureOf, TelegramFailure } from './failure.ts';

/** A call that has no answer after this long is given up. */
const CALL_MS = 20_000;

/** A file to upload. */
export interface Upload {
  source: Buffer;
  filename: string;
}

/** The Bot API names an uploaded file as a `Blob`; telegraf takes it as an `Upload`. */
type WithUploads<T> = T extends Blob ? Upload : T;

export type Method = keyof APIMethods;
export type Params<M extends Method> = [APIMethodParams<M>] extends [undefined]
  ? Record<string, never>
  : { [K in keyof NonNullable<APIMethodParams<M>>]: WithUploads<NonNullable<APIMethodParams<M>>[K]> };

export interface CallOptions {
  signal?: AbortSignal;
  /** Milliseconds after which the call is given up; 20 s when left out. */
  within?: number;
}

/** The Bot API over telegraf's client, with the types of today's methods: telegraf's own end at 7.1. */
export interface TelegramApi {
  /** The bot's number: the part of its token that is no secret. */
  botId: string;
  /** @throws TelegramFailure, which says what it means and holds nothing of what was sent. */
  call<M extends Method>(method: M, params: Params<M>, options?: CallOptions): Promise<APIMethodReturn<M>>;
  /**
   * A file that somebody sent.
   *
   * @throws TelegramFailure; RangeError when it is longer than `limit` bytes.
   */
  download(fileId: string, limit: number): Promise<Buffer>;
}

export interface TelegramApiOptions {
  token: string;
  /** Of a Bot API server of one's own; Telegram's when left out. */
  apiRoot?: string | undefined;
}

export function createTelegramApi({ token, apiRoot }: TelegramApiOptions): TelegramApi {
  // Answers within a webhook's response hide whether they were accepted.
  const telegram = new Telegram(token, { webhookReply: false, ...(apiRoot !== undefined && { apiRoot }) });
  const callApi = telegram.callApi.bind(telegram) as unknown as (
    method: string,
    params: object,
    options: { signal: AbortSignal },
  ) => Promise<unknown>;

  const api: TelegramApi = {
    botId: token.split(':')[0]!,

    async call<M extends Method>(method: M, params: Params<M>, { signal, within = CALL_MS }: CallOptions = {}) {
      const late = AbortSignal.timeout(within);
      try {
        const result = await callApi(method, asForm(params), {
          signal: signal ? AbortSignal.any([signal, late]) : late,
        });
        return result as APIMethodReturn<M>;
      } catch (error) {
        throw failureOf(method, error);
      }
    },

    async download(fileId, limit) {
      const { file_path: path } = await api.call('getFile', { file_id: fileId });
      const root = apiRoot ?? 'https://api.telegram.org';
      const response = await fetch(`${root}/file/bot${token}/${path}`, { signal: AbortSignal.timeout(CALL_MS) }).catch(
        (error: unknown) => {
          throw failureOf('download', error);
        },
      );
      if (!response.ok) throw new TelegramFailure('download', 'temporary', String(response.status));
      return readUpTo(response, limit);
    },
  };
  return api;
}

/** In a form, telegraf drops what is an object and no file, but for a few fields that it knows. */
function asForm(params: object): object {
  const fields = Object.entries(params);
  if (!fields.some(([, value]) => isUpload(value))) return params;
  return Object.fromEntries(
    fields.map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'object' && !isUpload(value) ? JSON.stringify(value) : value,
    ]),
  );
}

const isUpload = (value: unknown): boolean => typeof value === 'object' && value !== null && 'source' in value;

async function readUpTo(response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > limit) throw new RangeError('The file is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
