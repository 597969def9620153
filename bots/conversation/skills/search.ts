import { topicName } from '../../../core/language/topic-name.ts';
import type { Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { courseItem, recordShown, rememberList } from '../courses.ts';
import { button, named, say, text } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { looksLikeSubject } from '../subject.ts';
import { defineSkill } from '../skill.ts';

const PAGE = 5;
/** Hits that paging can reach. */
const MOST = 50;
const LONGEST_QUERY = 120;
/** Words that are offered as a subject on a button. */
const LONGEST_OFFERED = 24;

export const search = defineSkill({
  name: 'search',
  open: true,
  presses: {
    search(context, { value = '' }) {
      const [, offset = '0', query = ''] = /^(?:(\d{1,3}):)?(.*)$/s.exec(value) ?? [];
      return query.trim() === '' ? [askQuery(context)] : find(context, query, Number(offset));
    },
  },
  intents: {
    search: (context, said) => find(context, said.slots.query ?? said.text),
    other(context, { slots, text: said }) {
      const query = slots.query ?? said;
      return looksLikeSubject(context, query) ? find(context, query) : [notUnderstood(query)];
    },
  },
  answers: {
    search: (context, said) =>
      said.intent === 'search' || said.intent === 'other' || said.intent === 'course'
        ? find(context, said.slots.query ?? said.text)
        : undefined,
  },
});

/** Says so, and offers to search for the words where they may be a subject. */
function notUnderstood(query: string): Reply {
  const subject = button({ action: 'search', value: query }, text('button.search-for', { query }));
  return say('not-understood', {}, [
    ...(query.length <= LONGEST_OFFERED && /[\p{L}\p{N}]/u.test(query) ? [[subject]] : []),
    shortcuts,
  ]);
}

function askQuery(context: Context): Reply {
  context.state.question = { kind: 'search' };
  return say('search.ask', {}, topicButtons(context));
}

async function find(context: Context, words: string, offset = 0): Promise<Reply[]> {
  const query = words.trim().slice(0, LONGEST_QUERY);
  const hits = context.services.search().search(query, { limit: MOST, accept: (course) => !course.archived });
  const page = hits.slice(offset, offset + PAGE).map((hit) => hit.course);
  if (offset === 0) context.record('search', { circumstances: { list: 'search', query } });
  if (context.services.catalogue.all().length === 0) return [say('recommend.no-courses')];
  if (page.length === 0)
    return [say(offset === 0 ? 'search.none' : 'search.end', { query }, topicButtons(context, query))];
  const slate = context.key('search');
  const ids = page.map((course) => course.id);
  const next = offset + PAGE;
  const more = hits.length > next ? { action: 'search', value: `${next}:${query}` } : undefined;
  rememberList(context, 'search', slate, ids, more);
  recordShown(context, 'search', slate, ids, offset);
  const shown = await Promise.all(page.map((course) => courseItem(context, 'search', course, `s${slate}`)));
  const closing = more ? [say('search.more', {}, [[named('more', more)]])] : [];
  return [say('search.found', { query, count: hits.length, most: MOST }), ...shown, ...closing];
}

/** Some topics to choose from, those that look like the query first. */
function topicButtons({ services }: Context, query = '') {
  const known = services.catalogue.topics();
  const near = services
    .search()
    .suggest(query)
    .filter((topic) => known.includes(topic));
  const topics = [...new Set([...near, ...known])].slice(0, 4);
  return [
    topics.map((topic) => button({ action: 'recommend', value: `topic:${topic}` }, topicName(topic))),
    [named('recommend', { action: 'recommend' }), named('help', { action: 'help' })],
  ];
}
