import { createLinks } from '../../../bots/conversation/deep-link.ts';
import { randomUUID } from 'node:crypto';
import { createConversation, type Conversation } from '../../../bots/conversation/conversation.ts';
import type { Services } from '../../../bots/conversation/services.ts';
import { chatInGroup, type Group, type Turn } from '../../../bots/conversation/turn.ts';
import { createCatalogue } from '../../../core/catalogue/catalogue.ts';
import { upsertCourses } from '../../../core/catalogue/store.ts';
import { eventsOf } from '../../../core/behaviour/store.ts';
import { render } from '../../../core/language/render.ts';
import type { Language, Reply } from '../../../core/language/reply.ts';
import { createSentiment } from '../../../core/language/sentiment.ts';
import type { ChannelName } from '../../../core/learner/learner.ts';
import { createUnderstanding } from '../../../core/language/understanding.ts';
import { createLearner, findLearner, touchAddress } from '../../../core/learner/store.ts';
import { buildDataset } from '../../../core/recommend/dataset.ts';
import { factsOf } from '../../../core/recommend/facts.ts';
import { content } from '../../../core/recommend/models/content.ts';
import { createRecommender } from '../../../core/recommend/recommender.ts';
import type { Database } from '../../../prisma/connect.ts';
import { fixtureCourses } from './courses.ts';

/**
 * A conversation over the fixture catalogue, with a recommender that has trained on nobody.
 *
 * @param explore 0 makes its slates the same in every run.
 */
export async function fixtureServices(db: Database, log: (line: string) => void, explore = 0): Promise<Services> {
  await upsertCourses(db, fixtureCourses);
  const catalogue = await createCatalogue(db);
  const facts = catalogue.all().map(factsOf);
  const recommender = createRecommender({
    courses: catalogue.all(),
    search: () => catalogue.search(),
    content: content.fit(buildDataset([], facts), content.config.parse({})),
    trained: undefined,
    explore,
    diversity: 0.3,
    calibration: 0.1,
    fit: true,
  });
  return {
    db,
    catalogue,
    search: () => catalogue.search(),
    recommender: () => recommender,
    understanding: createUnderstanding({
      knows: (term) => catalogue.search().knows(term),
      topics: () => catalogue.topics(),
    }),
    sentiment: createSentiment(),
    currency: 'CNY',
    slate: 3,
    timeZone: 'Asia/Shanghai',
    downloads: {},
    links: createLinks(),
    payments: {},
    referral: { percent: 10, days: 30 },
    log,
  };
}

/** One person at the chat: says, presses, and reads what comes back. */
export class Person {
  chat: string;
  channel: ChannelName = 'web';
  /** What the next turns come with: the community, a file, a platform that forbids to learn. */
  around: Pick<Turn, 'group' | 'attachment' | 'recordable' | 'displayName'> = {};
  /** What the platform says. */
  timeZone: string | undefined;
  replies: Reply[] = [];
  now = new Date('2026-11-20T04:00:00Z');
  private turns = 0;

  private constructor(
    readonly services: Services,
    readonly conversation: Conversation,
    readonly id: string,
    readonly locale: Language,
  ) {
    this.chat = id;
  }

  static async arrive(services: Services, locale: Language = 'en'): Promise<Person> {
    const { id } = await createLearner(services.db);
    await touchAddress(services.db, { learnerId: id, channel: 'web', chat: id });
    return new Person(services, createConversation(services), id, locale);
  }

  /** Takes the next turns in a community; every member has a conversation of their own there. */
  enters(group: Group, chat = '-100'): this {
    this.chat = chatInGroup(chat, this.id);
    this.around = { ...this.around, group };
    return this;
  }

  /** Back in the chat with the bot alone. */
  leaves(): this {
    this.chat = this.id;
    this.around = { ...this.around };
    delete this.around.group;
    return this;
  }

  says = (text: string, turn?: string) => this.take({ text }, turn);

  /** By the button's whole id. */
  presses = (press: string, turn?: string) => this.take({ press }, turn);

  /** By the beginning of the id of a button on offer in the last answer; the first that fits. */
  async chooses(start: string): Promise<string> {
    const id = this.buttons.find((each) => each.startsWith(start));
    if (!id) throw new Error(`No button ${start}… among ${this.buttons.join(' ')}`);
    return this.presses(id);
  }

  get buttons(): string[] {
    return this.replies.flatMap((reply) => (reply.buttons ?? []).flat().map((each) => each.id));
  }

  /** Courses of the last answer, in order. */
  get courses(): string[] {
    return this.replies.flatMap((reply) => (reply.course === undefined ? [] : [reply.course]));
  }

  learner = async () => (await findLearner(this.services.db, this.id))!;

  /** Types of the events on record, oldest first. */
  async events(): Promise<string[]> {
    return (await this.log()).map((event) => event.type);
  }

  log = () => eventsOf(this.services.db, this.id);

  private async take(input: { text: string } | { press: string }, turn?: string): Promise<string> {
    this.now = new Date(this.now.getTime() + 10_000);
    ({ replies: this.replies } = await this.conversation.handle({
      id: turn ?? `t${this.turns++}-${randomUUID()}`,
      channel: this.channel,
      chat: this.chat,
      learnerId: this.id,
      input,
      ...this.around,
      locale: this.locale,
      ...(this.timeZone !== undefined && { timeZone: this.timeZone }),
      at: this.now,
    }));
    const language = (await findLearner(this.services.db, this.id))?.language ?? this.locale;
    // As a channel does: every text and label has to render.
    for (const reply of this.replies)
      for (const { label } of (reply.buttons ?? []).flat())
        if ('key' in label || 'template' in label) render(label, language);
    return this.replies.map((reply) => render(reply.text, language)).join('\n---\n');
  }
}
