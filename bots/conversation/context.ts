import type { Circumstances, NewEvent } from '../../core/behaviour/event.ts';
import type { EventTypeName } from '../../core/behaviour/event-types.ts';
import { eventKey } from '../../core/behaviour/key.ts';
import { learnerState } from '../../core/interest/store.ts';
import type { LearnerState } from '../../core/interest/state.ts';
import type { Language, Press, Reply } from '../../core/language/reply.ts';
import { ordersOf } from '../../core/campaign/sale/store.ts';
import type { Order } from '../../core/campaign/checkout.ts';
import { quote, type Quote, type Tariff } from '../../core/campaign/price.ts';
import type { Course } from '../../core/catalogue/course.ts';
import type { Outcome } from '../../core/campaign/outcome.ts';
import { mayPersonalise, mayRecord } from '../../core/learner/consent.ts';
import type { Learner } from '../../core/learner/learner.ts';
import { updateLearner, type LearnerPatch } from '../../core/learner/store.ts';
import { createRandom, type Random } from '../../core/numerics/random.ts';
import type { Services } from './services.ts';
import type { ConversationState } from './state.ts';
import type { Turn } from './turn.ts';

/** What a person decides about our use of their data is kept wherever they say it. */
const ALWAYS: ReadonlySet<EventTypeName> = new Set(['register', 'mute', 'unmute']);

export interface EventDetails {
  course?: string;
  value?: number | null;
  circumstances?: Circumstances | undefined;
}

/** One turn at work: who, in which language, where the conversation stands, and what to record. */
export class Context {
  readonly events: NewEvent[] = [];
  /** What would have been noted, had the platform allowed it. */
  readonly forbidden: NewEvent[] = [];
  readonly now: Date;
  /** Seeded by the turn: the same turn makes the same choices. */
  readonly random: Random;
  /** What the turn is to the pushed message that it answers; a press, unless a skill says more. */
  outcome: Outcome | undefined;
  /** The kind of link by which the person came with this turn: stands in what it records. */
  arrival: string | undefined;
  /** Set when the person was erased: nothing of this turn is kept. */
  erased = false;
  private folded: Promise<LearnerState> | undefined;
  private bought: Promise<Order[]> | undefined;
  private having: Promise<ReadonlySet<string>> | undefined;

  constructor(
    readonly services: Services,
    readonly turn: Turn,
    public learner: Learner,
    public language: Language,
    public state: ConversationState,
    /** Carries out another button within this turn. */
    readonly press: (press: Press) => Promise<Reply[]>,
    /** Whether they ever bought anything here: who did not is not asked for it. */
    ordered = true,
  ) {
    if (!ordered) this.bought = Promise.resolve([]);
    this.now = turn.at;
    this.random = createRandom(Number.parseInt(this.key('random').slice(0, 8), 16));
  }

  /** Whether behaviour may be stored. */
  get records(): boolean {
    return mayRecord(this.learner);
  }

  /** Whether others read the answer. */
  get exposed(): boolean {
    return this.turn.group !== undefined && !this.turn.group.discreet;
  }

  /** Whether answers may use what is known of the person. */
  get personal(): boolean {
    return mayPersonalise(this.learner) && !this.exposed;
  }

  /** How this channel sells; undefined where the sandbox does. */
  get tariff(): Tariff | undefined {
    return this.services.payments[this.turn.channel];
  }

  /** What a course costs here; undefined where it is not sold. */
  quote(course: Course, coupon?: { percent: number }): Quote | undefined {
    return quote(course, coupon, this.services.currency, this.tariff);
  }

  get timeZone(): string {
    return this.learner.timeZone ?? this.turn.timeZone ?? this.services.timeZone;
  }

  /** A UUID that belongs to this turn: the same turn handled twice makes the same. */
  key(...parts: string[]): string {
    return eventKey('turn', this.turn.channel, this.turn.chat, this.turn.id, ...parts);
  }

  /** Notes an event to be stored when the skill is done; nothing without consent to recording, or where the platform forbids it. */
  record(type: EventTypeName, { course, value = null, circumstances = {} }: EventDetails = {}): void {
    if (!this.records) return;
    this.keep({
      idempotencyKey: this.key(type, course ?? '', String(value ?? '')),
      learnerId: this.learner.id,
      courseId: course ?? null,
      type,
      value,
      occurredAt: this.now,
      channel: this.turn.channel,
      circumstances: this.arrival === undefined ? circumstances : { ...circumstances, arrival: this.arrival },
    });
  }

  /** The same for events that are made already. */
  keep(...events: readonly NewEvent[]): void {
    const { group, recordable = true } = this.turn;
    for (const event of events) {
      if (!recordable && !ALWAYS.has(event.type)) this.forbidden.push(event);
      else if (!group) this.events.push(event);
      else this.events.push({ ...event, circumstances: { ...event.circumstances, community: group.id } });
    }
  }

  /** Goes on as who the person is now: their accounts have become one. */
  become(learner: Learner): void {
    this.learner = learner;
    this.language = learner.language ?? this.turn.locale;
    this.folded = this.bought = this.having = undefined;
  }

  async update(patch: LearnerPatch): Promise<void> {
    this.learner = (await updateLearner(this.services.db, this.learner.id, patch)) ?? this.learner;
  }

  /** The learner's behaviour so far; undefined without consent to recording. */
  async behaviour(): Promise<LearnerState | undefined> {
    if (!this.records) return undefined;
    this.folded ??= learnerState(this.services.db, this.learner.id);
    return this.folded;
  }

  /** The learner's orders here, newest first: kept with or without consent to recording, to deliver them. */
  orders(): Promise<Order[]> {
    this.bought ??= ordersOf(this.services.db, this.learner.id);
    return this.bought;
  }

  /** What the learner has: bought here, or taken by what their behaviour says; where others read, nothing is known of it. */
  owned(): Promise<ReadonlySet<string>> {
    if (this.exposed) return Promise.resolve(new Set());
    this.having ??= this.lookUpOwned();
    return this.having;
  }

  private async lookUpOwned(): Promise<Set<string>> {
    const [orders, behaviour] = await Promise.all([this.orders(), this.behaviour()]);
    const owned = new Set(orders.filter((order) => order.status !== 'refunded').map((order) => order.courseId));
    for (const track of behaviour?.history.values() ?? []) if (track.owned) owned.add(track.courseId);
    return owned;
  }
}
