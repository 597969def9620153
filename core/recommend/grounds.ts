import type { Course } from '../catalogue/course.ts';
import { topicInterests, type TopicInterest } from '../interest/profile.ts';
import { declaredTopics, type Candidates } from './candidates.ts';
import type { Evidence } from './model.ts';
import { FEWEST } from './popularity.ts';
import { CARRIES, type Carrier, type Grounds } from './reasons.ts';
import { sharedTopic } from './rules.ts';
import type { Request, Source } from './slate.ts';
import type { Stock } from './stock.ts';

/** Share in a course's rank from which a part of the ranker is named before a stronger one that can name no course. */
const NAMED_PART = 0.2;
/** Likeness by content from which it needs no common topic to be seen. */
const CLOSE = 0.3;
/** Topics of interest that a reason may name, strongest first. */
const NAMED_TOPICS = 5;

/** Finds out what put a course into the slate. */
export interface Explainer {
  ranked(item: number): Grounds;
  explored(item: number): Grounds;
}

export function createExplainer(stock: Stock, request: Request, candidates: Candidates): Explainer {
  const now = request.now.getTime() / 1000;
  const interests = interestsOf(stock, request);
  // Topics that they only declared are spoken of as such.
  const lived = interests
    .filter(({ strength }) => strength > 0)
    .slice(0, NAMED_TOPICS)
    .filter(({ evidence }) => evidence.some(({ type, weight }) => type !== 'declared' && weight > 0))
    .map(({ topic }) => topic);
  const declared = declaredTopics(request);

  return {
    ranked: (item) => ({ ...aboutCourse(item), ...cause(item), personal: candidates.basis === 'history' }),
    explored(item) {
      const course = stock.courses[item]!;
      // Whatever they have had to do with, liked or not, is nothing different.
      const mine = [...interests.map(({ topic }) => topic), ...declared];
      const strange = mine.length > 0 && !sharedTopic(course, mine);
      return {
        ...aboutCourse(item),
        source: 'explore',
        unfamiliar: strange ? course.topics[0] : undefined,
        personal: false,
      };
    },
  };

  /** What is true of the course, whatever ranked it. */
  function aboutCourse(item: number): Omit<Grounds, 'source' | 'carrier' | 'query' | 'personal'> {
    const course = stock.courses[item]!;
    const asked = request.topics?.length ? sharedTopic(course, request.topics) : undefined;
    // The topic that was asked for, else the learner's own, else the course's: the first that holds.
    const spoken = asked ? [asked] : [...course.topics.filter((topic) => lived.includes(topic)), ...course.topics, ''];
    return {
      week: spoken.find((topic) => stock.standings.ofWeek(item, topic, now)),
      popular: spoken.find((topic) => stock.standings.ever(item, topic)),
      interest: lived.find((topic) => sharedTopic(course, [topic])),
      declared: sharedTopic(course, declared),
      asked,
      topic: asked ?? course.topics[0],
      simulated: course.simulated,
    };
  }

  /** What ranked the course: follows the ways of `scores` in candidates.ts. */
  function cause(item: number): Pick<Grounds, 'source' | 'carrier' | 'query'> {
    const { basis, by } = candidates;
    const query = candidates.sought.get(stock.courses[item]!.id);
    if (query !== undefined) return { source: 'search', query };
    if (by === 'crowd') return { source: crowdSource(item) };
    if (by === 'content' || stock.toModel[item]! < 0) return contentCause(item);
    const { modelHistory } = candidates;
    const contributions = stock.trained!.ranker.explain(modelHistory, stock.toModel[item]!, now, NAMED_PART);
    for (const { part, share, evidence } of contributions) {
      if (share < NAMED_PART) break;
      const carrier = carrierOf(item, fromModel(evidence));
      if (carrier && (part !== 'content' || isClose(item, carrier.course))) return { source: part, carrier };
    }
    const strongest = contributions[0]?.part ?? 'hybrid';
    return { source: basis === 'cold' && strongest === 'catalogue' ? 'hybrid' : strongest };
  }

  function contentCause(item: number): Pick<Grounds, 'source' | 'carrier'> {
    const carrier = carrierOf(item, stock.content.because?.(candidates.history, item, now));
    return { source: 'content', carrier: carrier && isClose(item, carrier.course) ? carrier : undefined };
  }

  /** Whether a person would see what two courses have to do with each other: a level in common is not enough. */
  function isClose(item: number, other: Course): boolean {
    const near = stock.content.similarity(item, stock.index.get(other.id)!) >= CLOSE;
    return near || sharedTopic(stock.courses[item]!, other.topics) !== undefined;
  }

  /** By the rule that ranked it, see `crowdScores`. */
  function crowdSource(item: number): Source {
    if (stock.lastWeek(item, now) >= FEWEST) return 'trending';
    if (stock.learners(item) > 0) return 'popular';
    return sharedTopic(stock.courses[item]!, [...(request.topics ?? []), ...declared]) ? 'topic' : 'newest';
  }

  function fromModel(evidence: Evidence | undefined): Evidence | undefined {
    const item = evidence ? stock.fromModel[evidence.item]! : -1;
    return evidence && item >= 0 ? { item, share: evidence.share } : undefined;
  }

  function carrierOf(item: number, evidence: Evidence | undefined): Carrier | undefined {
    if (!evidence || evidence.share < CARRIES) return undefined;
    const course = stock.courses[evidence.item]!;
    const track = request.state?.history.get(course.id);
    if (!track) return undefined;
    const [liked, own] = [stock.toModel[evidence.item]!, stock.toModel[item]!];
    const together = liked < 0 || own < 0 ? 0 : (stock.trained?.popularity.together(liked, own) ?? 0);
    return { course, track, share: evidence.share, together };
  }
}

function interestsOf(stock: Stock, { state, now }: Request): TopicInterest[] {
  if (!state) return [];
  const courseOf = (id: string) => {
    const item = stock.index.get(id);
    return item === undefined ? undefined : stock.courses[item];
  };
  return topicInterests(state, now, courseOf);
}
