import { eventKey } from '../behaviour/key.ts';
import type { Course } from '../catalogue/course.ts';
import type { Search } from '../catalogue/search.ts';
import { topicMix } from './calibration.ts';
import { gather } from './candidates.ts';
import { EXPLORED_DEPTH, place } from './exploration.ts';
import { createExplainer } from './grounds.ts';
import type { ContentModel } from './models/content.ts';
import { reasonOf } from './reasons.ts';
import { rerank, type Calibration, type Ranked } from './rerank.ts';
import { createStock, type Trained } from './stock.ts';
import { similarCourses } from './similar.ts';
import type { Recommender, Request, Slate, SlateItem } from './slate.ts';

export { impressionEvents } from './impressions.ts';
export type { Trained } from './stock.ts';
export type { Recommender, Request, SimilarOptions, Slate, SlateItem, Source } from './slate.ts';

/** Version of a recommender that has nothing trained to go by. */
export const UNTRAINED = 'untrained';

export interface RecommenderParts {
  /** The whole catalogue. */
  courses: readonly Course[];
  /** Search over it; asked only for learners who searched. */
  search: () => Pick<Search, 'search'>;
  /** Fitted on `courses`, in that order. */
  content: ContentModel;
  trained: Trained | undefined;
  /** Share of slots that explore, in [0, 1]. */
  explore: number;
  /** 0 ranks by relevance alone, 1 by difference alone. */
  diversity: number;
  /** 0 leaves the mix of topics as it comes, 1 follows the learner's own alone. */
  calibration: number;
  /** Whether language, level, price and having been shown before count. What is owned or dismissed never comes. */
  fit: boolean;
}

/**
 * The recommender over one state of the catalogue and one trained version. Pure: the same request
 * with the same generator gives the same slate.
 */
export function createRecommender({
  courses,
  search,
  content,
  trained,
  explore,
  diversity,
  calibration,
  fit,
}: RecommenderParts): Recommender {
  const stock = createStock(courses, search, content, trained);
  const version = trained?.version ?? UNTRAINED;
  const similarity = (a: number, b: number) => content.similarity(a, b);
  const topicsOf = (item: number) => courses[item]!.topics;

  return {
    version,
    recommend(request) {
      const candidates = gather(stock, request, fit);
      const mix = topicMix(candidates.history, topicsOf);
      const ranking = fill(candidates.tiers, request.count, { strength: calibration, mix, topicsOf });
      const pool = explorationPool(candidates.tiers, ranking);
      const share = request.explore === false ? 0 : explore;
      const explainer = createExplainer(stock, request, candidates);
      const items = place(ranking, pool, share, request.random).map(
        ({ item, score, explored, propensity }, position): SlateItem => {
          const grounds = explored ? explainer.explored(item) : explainer.ranked(item);
          return {
            courseId: courses[item]!.id,
            score,
            position,
            propensity,
            source: grounds.source,
            reason: reasonOf(grounds),
          };
        },
      );
      return slateOf(items, version, request);
    },
    similar(courseId, options) {
      return slateOf(similarCourses(stock, courseId, options), version, { ...options, list: 'similar' });
    },
  };

  /** The best of each tier made diverse and calibrated, one tier after the other until there are enough. */
  function fill(tiers: readonly Ranked[][], count: number, own: Calibration): Ranked[] {
    const taken: Ranked[] = [];
    for (const tier of tiers) {
      if (taken.length >= count) break;
      taken.push(...rerank(tier, { count: count - taken.length, diversity, similarity, calibration: own }));
    }
    return taken;
  }

  /** What the learner has not looked at yet and would not get to see: the best of the rest, and what nobody took. */
  function explorationPool(tiers: readonly Ranked[][], ranking: readonly Ranked[]): Ranked[] {
    const shown = new Set(ranking.map(({ item }) => item));
    const rest = [...(tiers[0] ?? []), ...(tiers[1] ?? [])].filter(({ item }) => !shown.has(item));
    return rest.filter(({ item }, place) => place < EXPLORED_DEPTH || stock.learners(item) === 0);
  }
}

function slateOf(
  items: SlateItem[],
  modelVersion: string,
  { learnerId = '', now, list, random }: Pick<Request, 'learnerId' | 'now' | 'list' | 'random'>,
): Slate {
  // The generator keeps two slates of one moment apart.
  const id = eventKey('slate', learnerId, now.toISOString(), list, modelVersion, String(random.next()));
  return { id, list, modelVersion, items };
}
