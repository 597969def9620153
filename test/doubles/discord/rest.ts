import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  ChannelType,
  type APIInteractionResponse,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10';
import { Refused, refuse, type Interaction } from './interaction.ts';
import { commandProblems, messageProblems, type MessageBody } from './limits.ts';
import { readBody, type UploadedFile } from './multipart.ts';
import { snowflake } from './snowflake.ts';
import { channelPayload, EVERYTHING, type Channel, type Guild, type World } from './world.ts';

/** One request that the bot made. */
export interface Call {
  method: string;
  /** Without `/api/v10` and the query. */
  path: string;
  query: URLSearchParams;
  body: unknown;
  files: UploadedFile[];
  /** Whether it carried the bot's token. */
  authorised: boolean;
  at: number;
  /** Of the answer. */
  status: number;
}

/** How the double shall misbehave. */
export type Fault =
  | { status: 429; retryAfter: number; global?: boolean; after?: boolean }
  | { status: number; code?: number; after?: boolean }
  /** Nothing comes back. */
  | { silence: true; after?: boolean };

/** What of the double a request works on. */
export interface Desk {
  world: World;
  token: string;
  gatewayUrl(): string;
  interactions: Map<string, Interaction>;
  /** Registered commands: '' for everywhere, else by server. */
  commands: Map<string, RESTPostAPIApplicationCommandsJSONBody[]>;
  files: Map<string, string>;
  calls: Call[];
  fault(call: Call): Fault | undefined;
  heard(call: Call): void;
}

type Handler = (desk: Desk, call: Call, found: string[]) => unknown;

/** Answers one request. */
export async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://double');
  const file = desk.files.get(url.pathname);
  if (file !== undefined) return void response.writeHead(200, { 'content-type': 'text/plain' }).end(file);
  const call: Call = {
    method: request.method ?? 'GET',
    path: url.pathname.replace(/^\/api\/v\d+/, ''),
    query: url.searchParams,
    ...readBody(request.headers['content-type'] ?? '', Buffer.concat(chunks)),
    authorised: request.headers.authorization === `Bot ${desk.token}`,
    at: performance.now(),
    status: 0,
  };
  desk.calls.push(call);
  const fault = desk.fault(call);
  if (fault && !fault.after) {
    misbehave(desk, call, fault, response);
    return;
  }
  const result = carryOut(desk, call);
  if (fault) {
    misbehave(desk, call, fault, response);
    return;
  }
  send(desk, call, response, result.status, result.body);
}

function carryOut(desk: Desk, call: Call): { status: number; body: unknown } {
  try {
    const route = routes.find(([method, path]) => method === call.method && path.test(call.path));
    if (!route) throw new Refused(404, 0, '404: Not Found');
    const [, path, handler, open] = route;
    if (!open && !call.authorised) throw new Refused(401, 0, '401: Unauthorized');
    const body = handler(
      desk,
      call,
      (path.exec(call.path)!.slice(1) as (string | undefined)[]).map((part) => decodeURIComponent(part ?? '')),
    );
    return { status: body === undefined ? 204 : 200, body };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { status: error.status, body: { message: error.message, code: error.code, errors: error.details } };
  }
}

function misbehave(desk: Desk, call: Call, fault: Fault, response: ServerResponse) {
  if ('silence' in fault) {
    desk.heard(call);
    return;
  }
  if ('retryAfter' in fault) {
    const { retryAfter, global = false } = fault;
    const headers = {
      'retry-after': String(retryAfter),
      'x-ratelimit-scope': global ? 'global' : 'shared',
      ...(global && { 'x-ratelimit-global': 'true' }),
    };
    const body = { message: 'You are being rate limited.', retry_after: retryAfter, global };
    send(desk, call, response, 429, body, headers);
    return;
  }
  const { status, code = 0 } = fault;
  send(desk, call, response, status, { message: `Fault ${status}`, code });
}

function send(desk: Desk, call: Call, response: ServerResponse, status: number, body: unknown, headers = {}) {
  call.status = status;
  if (body === undefined) response.writeHead(status, headers).end();
  else {
    const text = Buffer.from(JSON.stringify(body, (key, value: unknown) => (key === 'files' ? undefined : value)));
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length, ...headers });
    response.end(text);
  }
  desk.heard(call);
}

/** method, path, what it does, whether it works without the bot's token. */
const routes: readonly (readonly [string, RegExp, Handler, boolean?])[] = [
  ['GET', /^\/gateway\/bot$/, gateway],
  ['POST', /^\/interactions\/(\d+)\/([^/]+)\/callback$/, callback, true],
  ['POST', /^\/webhooks\/(\d+)\/([^/]+)$/, followUp, true],
  ['PATCH', /^\/webhooks\/(\d+)\/([^/]+)\/messages\/([^/]+)$/, editAnswer, true],
  ['DELETE', /^\/webhooks\/(\d+)\/([^/]+)\/messages\/([^/]+)$/, removeAnswer, true],
  ['GET', /^\/users\/@me$/, (desk) => desk.world.bot],
  ['GET', /^\/users\/@me\/guilds$/, guildsOfBot],
  ['POST', /^\/users\/@me\/channels$/, openDirect],
  ['GET', /^\/applications\/@me$/, ({ world }) => ({ id: world.applicationId, name: world.bot.username, flags: 0 })],
  ['GET', /^\/applications\/(\d+)(?:\/guilds\/(\d+))?\/commands$/, listCommands],
  ['PUT', /^\/applications\/(\d+)(?:\/guilds\/(\d+))?\/commands$/, putCommands],
  ['GET', /^\/channels\/(\d+)$/, (desk, _, [id]) => channelPayload(channelOf(desk, id))],
  ['POST', /^\/channels\/(\d+)\/typing$/, (desk, _, [id]) => void channelOf(desk, id)],
  ['POST', /^\/channels\/(\d+)\/messages$/, postMessage],
  ['PATCH', /^\/channels\/(\d+)\/messages\/(\d+)$/, editMessage],
  ['POST', /^\/channels\/(\d+)\/threads$/, startThread],
  ['GET', /^\/guilds\/(\d+)$/, (desk, _, [id]) => desk.world.guildPayload(guildOf(desk, id))],
  ['GET', /^\/guilds\/(\d+)\/channels$/, (desk, _, [id]) => guildOf(desk, id).channels.map(channelPayload)],
  ['GET', /^\/guilds\/(\d+)\/members\/(\d+)$/, getMember],
  ['PUT', /^\/guilds\/(\d+)\/members\/(\d+)\/roles\/(\d+)$/, giveRole],
];

function gateway(desk: Desk) {
  const session_start_limit = { total: 1000, remaining: 1000, reset_after: 1, max_concurrency: 1 };
  return { url: desk.gatewayUrl(), shards: 1, session_start_limit };
}

function callback(desk: Desk, call: Call, [id = '', token = '']: string[]) {
  const interaction = interactionOf(desk, token);
  const response = call.body as APIInteractionResponse;
  interaction.callback(response, call.files);
  if (call.query.get('with_response') !== 'true') return undefined;
  return { interaction: { id, type: 2 }, resource: { type: response.type, message: interaction.original } };
}

function followUp(desk: Desk, call: Call, [, token = '']: string[]) {
  return interactionOf(desk, token, 10015).followUp(call.body as MessageBody, call.files);
}

function editAnswer(desk: Desk, call: Call, [, token = '', id = '']: string[]) {
  return interactionOf(desk, token, 10015).edit(id, call.body as MessageBody, call.files);
}

function removeAnswer(desk: Desk, _: Call, [, token = '', id = '']: string[]) {
  interactionOf(desk, token, 10015).remove(id);
}

function interactionOf(desk: Desk, token: string, code = 10062): Interaction {
  const interaction = desk.interactions.get(token);
  if (!interaction) throw new Refused(404, code, code === 10062 ? 'Unknown interaction' : 'Unknown Webhook');
  return interaction;
}

function guildsOfBot({ world }: Desk) {
  return [...world.guilds.values()].map(({ id, name, members }) => ({
    id,
    name,
    owner: false,
    permissions: members.get(world.bot.id)?.permissions ?? EVERYTHING,
    features: [],
  }));
}

function openDirect({ world }: Desk, call: Call) {
  const person = world.people.get((call.body as { recipient_id: string }).recipient_id);
  if (!person) throw new Refused(400, 50033, 'Invalid Recipient(s)');
  return { ...channelPayload(world.directChannel(person)), recipients: [person.user] };
}

function listCommands(desk: Desk, call: Call, [, guild = '']: string[]) {
  const full = call.query.get('with_localizations') === 'true';
  return (desk.commands.get(guild) ?? []).map((command) => asKept(desk, command, full));
}

function putCommands(desk: Desk, call: Call, [, guild = '']: string[]) {
  const commands = call.body as RESTPostAPIApplicationCommandsJSONBody[];
  refuse(commandProblems(commands));
  desk.commands.set(guild, commands);
  return commands.map((command) => asKept(desk, command, true));
}

/** Discord fills in what was left out, and shows translations only on request. */
function asKept(desk: Desk, command: RESTPostAPIApplicationCommandsJSONBody, localised: boolean) {
  const kept = {
    id: snowflake(),
    application_id: desk.world.applicationId,
    version: snowflake(),
    type: 1,
    default_member_permissions: null,
    nsfw: false,
    dm_permission: true,
    integration_types: [0],
    contexts: null,
    ...command,
  };
  if (localised) return kept;
  return JSON.parse(
    JSON.stringify(kept, (key, value: unknown) => (key.endsWith('_localizations') ? null : value)),
  ) as unknown;
}

function postMessage(desk: Desk, call: Call, [id]: string[]) {
  const { world } = desk;
  const channel = channelOf(desk, id);
  const body = call.body as MessageBody;
  if (channel.person !== undefined && !world.people.get(channel.person)!.dmsOpen)
    throw new Refused(403, 50007, 'Cannot send messages to this user');
  refuse(messageProblems(body, call.files));
  if (body.enforce_nonce && body.nonce !== undefined) {
    const before = world.messagesIn(channel.id).find((message) => message.nonce_by_bot === String(body.nonce));
    if (before) return before;
  }
  return world.post(channel.id, world.bot, body, call.files);
}

function editMessage({ world }: Desk, call: Call, [, id = '']: string[]) {
  const message = world.messages.get(id);
  if (message?.author.id !== world.bot.id) throw new Refused(404, 10008, 'Unknown Message');
  refuse(messageProblems(call.body as MessageBody, call.files, true));
  return world.edit(message, call.body as MessageBody, call.files);
}

function startThread(desk: Desk, call: Call, [id]: string[]) {
  const parent = channelOf(desk, id);
  const { name, message } = call.body as { name: string; message?: MessageBody };
  if (name.length < 1 || name.length > 100) refuse(['name: 1 to 100 characters']);
  const forum = parent.type === ChannelType.GuildForum || parent.type === ChannelType.GuildMedia;
  if (forum && !message) refuse(['message: required']);
  const guild = guildOf(desk, parent.guild);
  const thread = desk.world.channel(guild, name, ChannelType.PublicThread, parent.id);
  if (forum && message) desk.world.post(thread.id, desk.world.bot, message);
  return channelPayload(thread);
}

function getMember(desk: Desk, _: Call, [guildId, userId = '']: string[]) {
  const guild = guildOf(desk, guildId);
  if (!guild.members.has(userId)) throw new Refused(404, 10007, 'Unknown Member');
  return desk.world.member(guild, userId);
}

function giveRole(desk: Desk, _: Call, [guildId, userId = '', roleId = '']: string[]) {
  const guild = guildOf(desk, guildId);
  const member = guild.members.get(userId);
  if (!member) throw new Refused(404, 10007, 'Unknown Member');
  if (!guild.roles.some((role) => role.id === roleId)) throw new Refused(404, 10011, 'Unknown Role');
  member.roles.add(roleId);
}

function channelOf({ world }: Desk, id = ''): Channel {
  const channel = world.channels.get(id);
  if (!channel) throw new Refused(404, 10003, 'Unknown Channel');
  return channel;
}

function guildOf({ world }: Desk, id = ''): Guild {
  const guild = world.guilds.get(id);
  if (!guild) throw new Refused(404, 10004, 'Unknown Guild');
  return guild;
}
