import { eventKey } from '../behaviour/key.ts';
import type { Course } from '../catalogue/course.ts';
import type { Search } from '../catalogue/search.ts';
import { choose, type ChoiceSettings } from './choice.ts';
import { place } from './exploration.ts';
import { createExplainer } from './grounds.ts';
import type { ContentModel } from './models/content.ts';
import { reasonOf } from './reasons.ts';
import { createStock, type Trained } from './stock.ts';
import { similarCourses } from './similar.ts';
import type { Recommender, Request, Slate, SlateItem } from './slate.ts';

export { impressionEvents } from './impressions.ts';
export type { Trained } from './stock.ts';
export type { Recommender, Request, SimilarOptions, Slate, SlateItem, Source } from './slate.ts';

/** Version of a recommender that has nothing trained to go by. */
export const UNTRAINED = 'untrained';

export interface RecommenderParts extends ChoiceSettings {
  /** The whole catalogue. */
  courses: readonly Course[];
  /** Search over it; asked only for learners who searched. */
  search: () => Pick<Search, 'search'>;
  /** Fitted on `courses`, in that order. */
  content: ContentModel;
  trained: Trained | undefined;
}

/**
 * The recommender over one state of the catalogue and one trained version. Pure: the same request
 * with the same generator gives the same slate.
 */
export function createRecommender({ courses, search, content, trained, ...settings }: RecommenderParts): Recommender {
  const stock = createStock(courses, search, content, trained);
  const version = trained?.version ?? UNTRAINED;

  return {
    version,
    recommend(request) {
      const { candidates, ranking, pool, share } = choose(stock, request, settings);
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
