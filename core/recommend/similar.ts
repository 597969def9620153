import { emptyHistory } from './dataset.ts';
import type { History } from './model.ts';
import { similarReason } from './reasons.ts';
import type { Ranked } from './rerank.ts';
import { isSettled, sharedTopic } from './rules.ts';
import { inStock, type Stock } from './stock.ts';
import type { SimilarOptions, SlateItem } from './slate.ts';

/** Added to a place before it is inverted, so that the first few places do not decide alone (Cormack et al. 2009). */
const FUSION = 60;

/**
 * Courses like one course: by the learners they share (item-knn) and by content, fused by their
 * places in both lists. Only courses with some evidence come.
 */
export function similarCourses(
  stock: Stock,
  courseId: string,
  { count, exclude = [], state, now }: SimilarOptions,
): SlateItem[] {
  const like = stock.index.get(courseId);
  if (like === undefined) return [];
  const left = new Set([courseId, ...exclude]);
  const allowed = stock.courses.flatMap((course, item) => {
    const track = state?.history.get(course.id);
    return course.archived || left.has(course.id) || (track && isSettled(track)) ? [] : [item];
  });
  const seconds = now.getTime() / 1000;
  const knn = stock.trained?.itemKnn;
  const taken = stock.toModel[like]!;
  const byLearners = knn && taken >= 0 ? inStock(stock, knn.score(only(taken), seconds)) : undefined;
  const byContent = stock.content.score(only(like), seconds);

  const parts = [
    { source: 'item-knn' as const, places: placesOf(allowed, byLearners) },
    { source: 'content' as const, places: placesOf(allowed, byContent) },
  ];
  const fused: Ranked[] = allowed.map((item) => ({
    item,
    score: parts.reduce((sum, { places }) => sum + 1 / (FUSION + (places.get(item) ?? Infinity)), 0),
  }));
  return fused
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.item - b.item)
    .slice(0, count)
    .map(({ item, score }, position) => {
      const [learners, words] = parts.map(({ places }) => places.get(item) ?? Infinity);
      const source = learners! < words! ? 'item-knn' : 'content';
      const topic = sharedTopic(stock.courses[item]!, stock.courses[like]!.topics);
      const reason = similarReason(stock.courses[like]!, { source, topic });
      return { courseId: stock.courses[item]!.id, score, position, propensity: 1, source, reason };
    });
}

function only(item: number): History {
  return {
    ...emptyHistory,
    items: Int32Array.of(item),
    times: Float64Array.of(NaN),
    weights: Float32Array.of(1),
    ratings: Float32Array.of(NaN),
  };
}

/** Place from 1 of each item with a score above 0. */
function placesOf(items: readonly number[], scores: Float32Array | undefined): Map<number, number> {
  if (!scores) return new Map();
  const ranked = items.filter((item) => scores[item]! > 0).sort((a, b) => scores[b]! - scores[a]! || a - b);
  return new Map(ranked.map((item, place) => [item, place + 1]));
}
