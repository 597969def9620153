import type { Server } from 'node:http';
import { randomUUID } from 'node:crypto';
import { GatewayCloseCodes, GatewayIntentBits, GatewayOpcodes } from 'discord-api-types/v10';
import { WebSocketServer, type WebSocket } from 'ws';
import type { World } from './world.ts';

export interface GatewayOptions {
  token: string;
  heartbeatMs: number;
  /** Intents that this application was not granted. */
  refusedIntents: number;
}

/** One client's session: lives on when its connection breaks, until it is resumed or given up. */
interface Session {
  id: string;
  shard: readonly [id: number, count: number];
  intents: number;
  sequence: number;
  /** What was sent, for a resume. */
  sent: { op: 0; s: number; t: string; d: unknown }[];
  socket: WebSocket | undefined;
}

/** Which intent an event needs in a server and in a direct message; others always come. */
const NEEDED: Readonly<Record<string, readonly [guild: number, direct: number]>> = {
  GUILD_CREATE: [GatewayIntentBits.Guilds, 0],
  GUILD_DELETE: [GatewayIntentBits.Guilds, 0],
  MESSAGE_CREATE: [GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
  MESSAGE_REACTION_ADD: [GatewayIntentBits.GuildMessageReactions, GatewayIntentBits.DirectMessageReactions],
  MESSAGE_REACTION_REMOVE: [GatewayIntentBits.GuildMessageReactions, GatewayIntentBits.DirectMessageReactions],
};

/** Speaks the gateway as documented: hello, identify, heartbeats, resume with what was missed, close codes. */
export class Gateway {
  readonly sessions = new Map<string, Session>();
  /** What clients said of themselves when they identified, in order. */
  readonly identified: { intents: number; shard?: [number, number]; token: string }[] = [];
  resumed = 0;
  heartbeats = 0;
  /** While true, heartbeats are not answered. */
  deaf = false;
  private readonly sockets: WebSocketServer;
  private readonly options: GatewayOptions;
  private readonly world: World;
  private waiting: { ready: () => boolean; resolve: () => void }[] = [];

  constructor(server: Server, world: World, options: GatewayOptions) {
    this.world = world;
    this.options = options;
    this.sockets = new WebSocketServer({ server });
    this.sockets.on('connection', (socket) => this.welcome(socket));
  }

  /** Sends an event to the sessions that should have it; kept for a resume where there is no connection. */
  dispatch(t: string, d: unknown, guildId?: string): void {
    for (const session of this.sessions.values()) {
      const [id, count] = session.shard;
      const shard = guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));
      if (shard !== id) continue;
      const needed = NEEDED[t]?.[guildId === undefined ? 1 : 0] ?? 0;
      if (needed !== 0 && (session.intents & needed) === 0) continue;
      this.send(session, t, d);
    }
  }

  /** Breaks every connection, as a network does (no code) or with a close code; sessions can be resumed. */
  disconnect(code?: GatewayCloseCodes): void {
    for (const socket of this.sockets.clients)
      if (code === undefined) socket.terminate();
      else socket.close(code);
  }

  /** Asks every client to come again. */
  askReconnect(): void {
    for (const socket of this.sockets.clients) write(socket, { op: GatewayOpcodes.Reconnect, d: null });
  }

  /** Tells every client that its session is over. */
  invalidate(): void {
    for (const session of this.sessions.values()) {
      this.sessions.delete(session.id);
      if (session.socket) write(session.socket, { op: GatewayOpcodes.InvalidSession, d: false });
    }
  }

  /** Resolves once `ready` holds; looked at after each thing that a client says. */
  until(ready: () => boolean): Promise<void> {
    if (ready()) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ ready, resolve }));
  }

  close(): void {
    for (const socket of this.sockets.clients) socket.terminate();
    this.sockets.close();
  }

  private welcome(socket: WebSocket) {
    let session: Session | undefined;
    write(socket, { op: GatewayOpcodes.Hello, d: { heartbeat_interval: this.options.heartbeatMs } });
    socket.on('message', (data: Buffer) => {
      const said = JSON.parse(data.toString('utf8')) as { op: GatewayOpcodes; d: never };
      session = this.hear(socket, session, said.op, said.d);
      this.settle();
    });
    socket.on('close', (code) => {
      if (session?.socket !== socket) return;
      session.socket = undefined;
      // A client that says goodbye does not come back to its session.
      if (code === 1000 || code === 1001) this.sessions.delete(session.id);
      this.settle();
    });
  }

  private hear(socket: WebSocket, session: Session | undefined, op: GatewayOpcodes, d: unknown): Session | undefined {
    switch (op) {
      case GatewayOpcodes.Heartbeat:
        this.heartbeats += 1;
        if (!this.deaf) write(socket, { op: GatewayOpcodes.HeartbeatAck });
        return session;
      case GatewayOpcodes.Identify:
        if (session) socket.close(GatewayCloseCodes.AlreadyAuthenticated);
        return session ?? this.identify(socket, d as Identify);
      case GatewayOpcodes.Resume:
        return this.resume(socket, d as Resume);
      case GatewayOpcodes.PresenceUpdate:
      case GatewayOpcodes.VoiceStateUpdate:
      case GatewayOpcodes.RequestGuildMembers:
        return session;
      default:
        socket.close(GatewayCloseCodes.UnknownOpcode);
        return session;
    }
  }

  private identify(socket: WebSocket, { token, intents, shard = [0, 1] }: Identify): Session | undefined {
    this.identified.push({ token, intents, shard });
    if (token !== this.options.token) {
      refuse(socket, GatewayCloseCodes.AuthenticationFailed);
      return;
    }
    if ((intents & this.options.refusedIntents) !== 0) {
      refuse(socket, GatewayCloseCodes.DisallowedIntents);
      return;
    }
    if (shard[0] >= shard[1]) {
      refuse(socket, GatewayCloseCodes.InvalidShard);
      return;
    }
    const session: Session = { id: randomUUID(), shard, intents, sequence: 0, sent: [], socket };
    this.sessions.set(session.id, session);
    const guilds = [...this.world.guilds.values()].filter(
      (guild) => Number((BigInt(guild.id) >> 22n) % BigInt(shard[1])) === shard[0],
    );
    this.send(session, 'READY', {
      v: 10,
      user: this.world.bot,
      session_id: session.id,
      resume_gateway_url: this.url,
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      shard,
      application: { id: this.world.applicationId, flags: 0 },
      session_type: 'normal',
    });
    for (const guild of guilds) this.send(session, 'GUILD_CREATE', this.world.guildPayload(guild));
    return session;
  }

  private resume(socket: WebSocket, { token, session_id, seq }: Resume): Session | undefined {
    if (token !== this.options.token) {
      refuse(socket, GatewayCloseCodes.AuthenticationFailed);
      return;
    }
    const session = this.sessions.get(session_id);
    if (!session) {
      write(socket, { op: GatewayOpcodes.InvalidSession, d: false });
      return undefined;
    }
    if (seq > session.sequence) {
      refuse(socket, GatewayCloseCodes.InvalidSeq);
      return;
    }
    session.socket?.terminate();
    session.socket = socket;
    for (const payload of session.sent) if (payload.s > seq) write(socket, payload);
    this.send(session, 'RESUMED', {});
    this.resumed += 1;
    return session;
  }

  private send(session: Session, t: string, d: unknown) {
    const payload = { op: 0 as const, s: ++session.sequence, t, d };
    session.sent.push(payload);
    if (session.sent.length > 1000) session.sent.shift();
    if (session.socket) write(session.socket, payload);
  }

  private settle() {
    const ready = this.waiting.filter((one) => one.ready());
    this.waiting = this.waiting.filter((one) => !ready.includes(one));
    for (const { resolve } of ready) resolve();
  }

  get url(): string {
    const address = this.sockets.address();
    return typeof address === 'object' && address ? `ws://127.0.0.1:${address.port}` : '';
  }
}

interface Identify {
  token: string;
  intents: number;
  shard?: [number, number];
}

interface Resume {
  token: string;
  session_id: string;
  seq: number;
}

function refuse(socket: WebSocket, code: GatewayCloseCodes): undefined {
  socket.close(code);
  return undefined;
}

function write(socket: WebSocket, payload: unknown) {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(payload));
}
