import { topicName } from '../../../core/language/topic-name.ts';
import type { Slate } from '../../../core/recommend/recommender.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import type { Level } from '../../../core/learner/learner.ts';
import type { Context } from '../context.ts';
import { linkFor } from '../exposed.ts';
import { showSlate } from '../slates.ts';
import { button, named, say } from '../say.ts';
import { defineSkill, type Answer } from '../skill.ts';
import { joined } from '../wording.ts';

/** Courses remembered as shown, so that "more" brings others. */
const REMEMBERED = 60;

export const recommend = defineSkill({
  name: 'recommend',
  open: true,
  presses: {
    recommend(context, { value = '' }) {
      if (value === 'more') return answer(context, { more: true });
      if (value.startsWith('topic:')) return answer(context, { topics: [value.slice('topic:'.length)] });
      return value === '' ? answer(context, {}) : inWords(context, value);
    },
  },
  phrases: [
    [/^(?:but )?why(?:$|\b.*\b(?:this|that|these|those|it|recommend\w*|suggest\w*|show\w*|courses?)\b)/i, why],
    [/^(?:为什么|为啥|为何|凭什么)(?:$|.*(?:推荐|推|这[门个些]))/, why],
  ],
  intents: {
    async recommend(context, { slots, text: said }) {
      const { query, topics = [], level } = slots;
      const wish = { topics, ...(level && { level }) };
      // Asked about something that is no topic: the courses about it, if there are any.
      if (query === undefined || topics.length > 0 || !asksAbout(said, query)) return answer(context, wish);
      const found = context.services.search().search(query, { limit: 1, accept: (course) => !course.archived });
      return found.length > 0
        ? context.press({ action: 'search', value: query })
        : answer(context, { ...wish, missed: query });
    },
  },
});

/** "/recommend excel": a topic where the words name one, else the courses about them. */
function inWords(context: Context, words: string): Answer {
  const { topics = [], level } = context.services.understanding.understand(words, context.language).slots;
  if (topics.length === 0 && !level) return context.press({ action: 'search', value: words });
  return answer(context, { topics, ...(level && { level }) });
}

function why(): Reply[] {
  return [
    say('recommend.why', {}, [
      [
        named('profile', { action: 'profile' }),
        named('recommend', { action: 'recommend' }),
        named('privacy', { action: 'privacy' }),
      ],
    ]),
  ];
}

const more: Press = { action: 'recommend', value: 'more' };

/** Whether the words left over are what the courses shall be about, not how the wish is put. */
function asksAbout(said: string, query: string): boolean {
  const words = query.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const before = `(?:\\b(?:about|on|recommend|suggest)(?: me)?(?: some| an?)? ?|关于|推荐)${words}`;
  const after = `${words}(?:方面|类|相关)?的?(?:课|教程)`;
  return new RegExp(`${before}|${after}`, 'i').test(said);
}

interface Wish {
  topics?: readonly string[];
  level?: Level;
  more?: boolean;
  /** What was asked for in vain. */
  missed?: string;
}

async function answer(context: Context, wish: Wish): Promise<Reply[]> {
  const { state, services } = context;
  const recommender = services.recommender();
  if (!recommender) return [say('recommend.not-ready', {}, [[named('search', { action: 'search' })]])];
  if (!wish.more) {
    state.shown = [];
    state.topics = [...(wish.topics ?? [])];
  }
  const slate = await ask(context, wish.level);
  if (slate.items.length === 0) return [nothing(context)];
  state.shown = [...state.shown, ...slate.items.map((item) => item.courseId)].slice(-REMEMBERED);
  return [opening(context, wish), ...(await showSlate(context, slate, more)), closing(context)];
}

/** With what is known of the person where they agreed to that, else without them. */
async function ask(context: Context, level: Level | undefined): Promise<Slate> {
  const { services, learner, state, language } = context;
  const [behaviour, owned] = await Promise.all([context.personal ? context.behaviour() : undefined, context.owned()]);
  const wanted = level ?? (context.personal ? learner.level : null);
  return services.recommender()!.recommend({
    ...(behaviour && { learnerId: learner.id, state: behaviour, declaredTopics: learner.declaredTopics }),
    ...(wanted && { level: wanted }),
    count: services.slate,
    now: context.now,
    list: 'recommend',
    topics: state.topics,
    language,
    exclude: [...owned, ...state.shown],
    random: context.random,
  });
}

function opening(context: Context, { missed }: Wish): Reply {
  if (missed !== undefined) return say('recommend.missed', { query: missed });
  const { topics } = context.state;
  if (topics.length > 0) return say('recommend.topics', { topics: joined(topics.map(topicName)) });
  return say(context.personal ? 'recommend.personal' : 'recommend.general');
}

function closing(context: Context): Reply {
  const on = named('more', more);
  if (context.exposed) {
    const personal = linkFor(context, { action: 'recommend' });
    return say('recommend.more-group', {}, [[on, ...(personal ? [personal] : [])]]);
  }
  if (context.personal) return say('recommend.more', {}, [[on, named('search', { action: 'search' })]]);
  const personal = context.records
    ? named('personalised-on', { action: 'consent', value: 'personalised:on' })
    : named('onboard', { action: 'onboard' });
  return say('recommend.more-general', {}, [[on, personal, named('search', { action: 'search' })]]);
}

function nothing({ state, services }: Context): Reply {
  if (services.catalogue.all().every((course) => course.archived)) return say('recommend.no-courses');
  const key = state.shown.length > 0 ? 'recommend.all-shown' : 'recommend.none';
  const topics = services.catalogue.topics().slice(0, 4);
  return say(key, {}, [
    topics.map((topic) => button({ action: 'recommend', value: `topic:${topic}` }, topicName(topic))),
    [named('recommend', { action: 'recommend' }), named('search', { action: 'search' })],
  ]);
}
