import {
  InteractionResponseType,
  MessageFlags,
  type APIInteractionResponse,
  type APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10';
import { choiceProblems, messageProblems, modalProblems, type MessageBody } from './limits.ts';
import type { UploadedFile } from './multipart.ts';
import { snowflake } from './snowflake.ts';
import type { Channel, Guild, Message, Person, World } from './world.ts';

/** A refusal as Discord words it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly details: readonly string[] = [],
  ) {
    super(message);
  }
}

/** One thing that a person did with the bot, and what the bot made of it. */
export class Interaction {
  readonly id = snowflake();
  readonly token = `it-${this.id}-aW50ZXJhY3Rpb24`;
  readonly sentAt = performance.now();
  /** How it was answered first. */
  type: InteractionResponseType | undefined;
  /** What "@original" is: the first answer, or the message whose button was pressed. */
  original: Message | undefined;
  /** Every message of the answer, the first one first; of a press that edited its message, that one. */
  readonly messages: Message[] = [];
  /** Of an autocomplete. */
  choices: readonly { name: string; value: string | number }[] | undefined;
  modal: APIModalInteractionResponseCallbackData | undefined;
  /** Resolves with the first thing that the person can read (or choose, or fill in). */
  readonly answered: Promise<void>;
  readonly acknowledged: Promise<void>;
  /** Milliseconds until it could be read. */
  tookMs = 0;
  private readonly onAnswer: () => void;
  private readonly onAcknowledged: () => void;
  private expired = false;
  private waitingOriginal = false;

  constructor(
    readonly world: World,
    readonly person: Person,
    readonly channel: Channel,
    readonly guild: Guild | undefined,
    readonly source: Message | undefined,
    /** The time in which Discord wants to hear of it. */
    private readonly patienceMs: number,
  ) {
    let answer!: () => void;
    let acknowledge!: () => void;
    this.answered = new Promise((resolve) => (answer = resolve));
    this.acknowledged = new Promise((resolve) => (acknowledge = resolve));
    this.onAnswer = answer;
    this.onAcknowledged = acknowledge;
  }

  /** Ends the token's life, as 15 minutes do. */
  expire(): void {
    this.expired = true;
  }

  get ephemeral(): boolean {
    return ((this.original?.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  }

  callback(response: APIInteractionResponse, files: readonly UploadedFile[]): void {
    if (this.expired) throw new Refused(404, 10062, 'Unknown interaction');
    if (this.type !== undefined) throw new Refused(400, 40060, 'Interaction has already been acknowledged.');
    if (performance.now() - this.sentAt > this.patienceMs) throw new Refused(404, 10062, 'Unknown interaction');
    this.answer(response, files);
    this.type = response.type;
    this.onAcknowledged();
  }

  private answer(response: APIInteractionResponse, files: readonly UploadedFile[]) {
    switch (response.type) {
      case InteractionResponseType.ChannelMessageWithSource:
        this.original = this.post(response.data as MessageBody, files);
        {
          this.read();
          return;
        }
      case InteractionResponseType.DeferredChannelMessageWithSource:
        this.waitingOriginal = true;
        this.original = this.world.post(this.channel.id, this.world.bot, {
          flags: (response.data?.flags ?? 0) | MessageFlags.Loading,
        });
        return;
      case InteractionResponseType.DeferredMessageUpdate:
        this.original = this.pressed();
        return;
      case InteractionResponseType.UpdateMessage:
        refuse(messageProblems(response.data as MessageBody, files, true));
        this.original = this.world.edit(this.pressed(), response.data as MessageBody, [...files]);
        this.messages.push(this.original);
        {
          this.read();
          return;
        }
      case InteractionResponseType.ApplicationCommandAutocompleteResult:
        refuse(choiceProblems(response.data.choices ?? []));
        this.choices = response.data.choices ?? [];
        {
          this.read();
          return;
        }
      case InteractionResponseType.Modal:
        refuse(modalProblems(response.data));
        this.modal = response.data;
        {
          this.read();
          return;
        }
      default:
        throw new Refused(400, 50035, `Invalid Form Body: type ${response.type}`);
    }
  }

  /** `PATCH /webhooks/…/messages/@original`, or of one of the follow-ups. */
  edit(id: string, body: MessageBody, files: readonly UploadedFile[]): Message {
    const message = id === '@original' ? this.live() : this.messages.find((one) => one.id === id);
    if (!message) throw new Refused(404, 10008, 'Unknown Message');
    refuse(messageProblems(body, files, !this.waitingOriginal));
    this.world.edit(message, body, [...files]);
    this.settleOriginal(message);
    if (!this.messages.includes(message)) this.messages.unshift(message);
    this.read();
    return message;
  }

  /** `POST /webhooks/…`: one more message, or the first of a deferred answer. */
  followUp(body: MessageBody, files: readonly UploadedFile[]): Message {
    const original = this.live();
    if (this.waitingOriginal && original) return this.edit('@original', body, files);
    const message = this.post(body, files);
    this.read();
    return message;
  }

  remove(id: string): void {
    const message = id === '@original' ? this.live() : this.messages.find((one) => one.id === id);
    if (!message) throw new Refused(404, 10008, 'Unknown Message');
    this.world.messages.delete(message.id);
    this.settleOriginal(message);
  }

  /** The original, where the token still works and the interaction was acknowledged. */
  live(): Message | undefined {
    if (this.expired) throw new Refused(401, 50027, 'Invalid Webhook Token');
    if (this.type === undefined) throw new Refused(404, 10015, 'Unknown Webhook');
    return this.original;
  }

  private post(body: MessageBody, files: readonly UploadedFile[]): Message {
    refuse(messageProblems(body, files));
    const message = this.world.post(this.channel.id, this.world.bot, body, [...files]);
    this.messages.push(message);
    return message;
  }

  private settleOriginal(message: Message) {
    if (message !== this.original) return;
    this.waitingOriginal = false;
    message.flags &= ~MessageFlags.Loading;
  }

  private pressed(): Message {
    if (!this.source) throw new Refused(400, 50035, 'Invalid Form Body: there is no message to update');
    return this.source;
  }

  private read() {
    this.tookMs ||= performance.now() - this.sentAt;
    this.onAnswer();
  }
}

/** @throws Refused as Discord answers a body that breaks its limits. */
export function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const empty = problems[0] === 'Cannot send an empty message';
  throw new Refused(
    400,
    empty ? 50006 : 50035,
    empty ? problems[0]! : `Invalid Form Body: ${problems.join('; ')}`,
    problems,
  );
}
