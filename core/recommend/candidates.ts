import type { Course } from '../catalogue/course.ts';
import type { LearnerState } from '../interest/state.ts';
import { emptyHistory, historyOf } from './dataset.ts';
import type { History } from './model.ts';
import { FEWEST } from './popularity.ts';
import { toUnit, type Ranked } from './rerank.ts';
import { freshness, inTopics, isKnown, isSettled, languageFit, levelFit, priceFit, sharedTopic } from './rules.ts';
import { soughtCourses, type Sought } from './sought.ts';
import { inStock, type Stock } from './stock.ts';
import type { Request } from './slate.ts';

/** Candidates of a tier that get beyond the first look; the rest can not reach a slate of ten. */
const LOOKED_AT = 200;

/** Stands for the probability of a course that the ranker does not know. */
const LEAST = 1e-9;

/** What a ranking is made from. */
export type Basis =
  /** The learner's own history. */
  | 'history'
  /** A learner of whom nothing is known, through the ranker. */
  | 'cold'
  /** What all learners took. */
  | 'crowd';

export interface Candidates {
  basis: Basis;
  /** What the scores came from; courses that the ranker does not know are placed by content. */
  by: 'ranker' | 'content' | 'crowd';
  /** By stock index; what `score` of content takes. */
  history: History;
  /** By index of the trained version. */
  modelHistory: History;
  /** Lists to be used up one after the other, each best first with scores in [0, 1]. */
  tiers: Ranked[][];
  /** Courses that the rules allow, whether looked at or not. */
  allowed: readonly number[];
  /** By course id: courses that a search of the learner's bears at least as much as all else does, and its words. */
  sought: ReadonlyMap<string, string>;
}

/**
 * Everything that the rules allow, ranked. Tiers: what fits; beside declared topics and searches; known already.
 *
 * @param fitting whether language, level, price and having been shown count against a course.
 */
export function gather(stock: Stock, request: Request, fitting: boolean): Candidates {
  const { state, now } = request;
  const declared = declaredTopics(request);
  const history = state ? historyOf(state, stock.index) : emptyHistory;
  const modelHistory = state ? historyOf(state, stock.modelIndex) : emptyHistory;
  const allowed = allowedCourses(stock, request);
  const basis: Basis = history.items.length > 0 ? 'history' : state && stock.trained ? 'cold' : 'crowd';
  const searched = state?.searches.length
    ? soughtCourses(stock.search(), state.searches, history.items.length, now)
    : new Map<string, Sought>();
  const { by, score } = scores(stock, basis, history, modelHistory, allowed, now.getTime() / 1000);

  const tiers: Ranked[][] = [[], [], []];
  for (const item of allowed) {
    const course = stock.courses[item]!;
    const track = state?.history.get(course.id);
    const beside =
      basis !== 'history' && declared.length > 0 && !sharedTopic(course, declared) && !searched.has(course.id);
    tiers[track && isKnown(track) ? 2 : beside ? 1 : 0]!.push({ item, score: score[item]! });
  }

  // A declared topic weighs as much as one course of the history.
  const liking = 1 / (1 + history.items.length);
  const taken = fitting ? takenCourses(stock, state) : [];
  const fit = (item: number): number => {
    const course = stock.courses[item]!;
    const liked = basis === 'history' && sharedTopic(course, declared) ? 1 + liking : 1;
    if (!fitting) return liked;
    const track = state?.history.get(course.id);
    return (
      liked *
      languageFit(course, request.language) *
      levelFit(course, request.level) *
      priceFit(course, taken) *
      (track ? freshness(track, now) : 1)
    );
  };
  const sought = new Map<string, string>();
  const lift = (item: number, relevance: number): number => {
    const { id } = stock.courses[item]!;
    const found = searched.get(id);
    if (!found) return 0;
    if (found.pull >= relevance) sought.set(id, found.query);
    return found.pull;
  };
  return {
    basis,
    by,
    history,
    modelHistory,
    allowed,
    sought,
    tiers: tiers.map((tier) => weigh(tier, (item) => searched.has(stock.courses[item]!.id), lift, fit)),
  };
}

/** What the learner said they like, with their state or with the request. */
export function declaredTopics({ state, declaredTopics: asked = [] }: Request): readonly string[] {
  return [...new Set([...asked, ...(state?.declaredTopics ?? [])])];
}

/** What the learner bought, enrolled in or began, and did not give back. */
function takenCourses(stock: Stock, state: LearnerState | undefined): Course[] {
  const taken: Course[] = [];
  for (const track of state?.history.values() ?? []) {
    const item = track.owned || track.progress > 0 ? stock.index.get(track.courseId) : undefined;
    if (item !== undefined) taken.push(stock.courses[item]!);
  }
  return taken;
}

function allowedCourses(stock: Stock, { state, topics, level, exclude = [] }: Request): number[] {
  const excluded = new Set(exclude);
  const allowed: number[] = [];
  for (let item = 0; item < stock.courses.length; item++) {
    const course = stock.courses[item]!;
    if (course.archived || excluded.has(course.id) || !inTopics(course, topics)) continue;
    if (level && levelFit(course, level) === 0) continue;
    const track = state?.history.get(course.id);
    if (track && isSettled(track)) continue;
    allowed.push(item);
  }
  return allowed;
}

/** One score a course of the stock, higher is better; read only where allowed. */
function scores(
  stock: Stock,
  basis: Basis,
  history: History,
  modelHistory: History,
  allowed: readonly number[],
  now: number,
): { by: Candidates['by']; score: Float32Array } {
  if (stock.trained && basis === 'cold') {
    return { by: 'ranker', score: logOf(inStock(stock, stock.trained.ranker.score(emptyHistory, now))) };
  }
  if (stock.trained && modelHistory.items.length > 0) {
    const ranked = logOf(inStock(stock, stock.trained.ranker.score(modelHistory, now)));
    return { by: 'ranker', score: placeNewCourses(stock, ranked, () => stock.content.score(history, now), allowed) };
  }
  // Nothing trained, or every course of the history is newer than the training: only content knows them.
  const near = stock.content.score(history, now);
  if (allowed.some((item) => near[item]! > 0)) return { by: 'content', score: near };
  return { by: 'crowd', score: crowdScores(stock, allowed, now) };
}

/** Probabilities fall so steeply that only their logarithms can be weighed against likeness and fit. */
function logOf(probabilities: Float32Array): Float32Array {
  return probabilities.map((probability) => Math.log(Math.max(probability, LEAST)));
}

/**
 * Courses that the ranker has never seen get the score of the place they would have by content,
 * twice as far down: the k-th closest of all courses stands where the ranker's 2k-th does.
 */
function placeNewCourses(
  stock: Stock,
  ranked: Float32Array,
  nearness: () => Float32Array,
  allowed: readonly number[],
): Float32Array {
  const unseen = allowed.filter((item) => stock.toModel[item]! < 0);
  if (unseen.length === 0) return ranked;
  const near = nearness();
  const seen = allowed.filter((item) => stock.toModel[item]! >= 0);
  if (seen.length === 0) return near;
  const places = Float32Array.from(seen, (item) => ranked[item]!)
    .sort()
    .reverse();
  const likeness = Float32Array.from(seen, (item) => near[item]!)
    .sort()
    .reverse();
  const scored = ranked.slice();
  for (const item of unseen) {
    const closer = countAbove(likeness, near[item]!);
    const place = near[item]! > 0 ? 2 * closer + 1 : places.length - 1;
    scored[item] = places[Math.min(place, places.length - 1)]!;
  }
  return scored;
}

/** How many of the values, largest first, are above the limit. */
function countAbove(values: Float32Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! > limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What many took in the last seven days first, then what many ever took, then the newest: scores
 * in (2, 3], (1, 2] and [0, 1].
 */
function crowdScores(stock: Stock, allowed: readonly number[], now: number): Float32Array {
  const result = new Float32Array(stock.courses.length);
  let [weekly, ever, newest, oldest] = [1, 1, -Infinity, Infinity];
  for (const item of allowed) {
    weekly = Math.max(weekly, stock.lastWeek(item, now));
    ever = Math.max(ever, stock.learners(item));
    const published = stock.courses[item]!.publishedAt?.getTime();
    if (published !== undefined) [newest, oldest] = [Math.max(newest, published), Math.min(oldest, published)];
  }
  for (const item of allowed) {
    const week = stock.lastWeek(item, now);
    const learners = stock.learners(item);
    const published = stock.courses[item]!.publishedAt?.getTime();
    if (week >= FEWEST) result[item] = 2 + week / weekly;
    else if (learners > 0) result[item] = 1 + learners / ever;
    else if (published !== undefined) result[item] = newest > oldest ? (published - oldest) / (newest - oldest) : 1;
  }
  return result;
}

/** (relevance in [0, 1] + lift) · fit, of the best and of whatever `keep` holds besides. */
function weigh(
  tier: Ranked[],
  keep: (item: number) => boolean,
  lift: (item: number, relevance: number) => number,
  fit: (item: number) => number,
): Ranked[] {
  const sorted = tier.sort(byScore);
  const best = sorted.slice(0, LOOKED_AT);
  const unit = toUnit(best.map(({ score }) => score));
  const looked = [...best, ...sorted.slice(LOOKED_AT).filter(({ item }) => keep(item))];
  return looked
    .map(({ item }, place) => {
      const relevance = unit[place] ?? 0;
      return { item, score: (relevance + lift(item, relevance)) * fit(item) };
    })
    .sort(byScore);
}

function byScore(a: Ranked, b: Ranked): number {
  return b.score - a.score || a.item - b.item;
}
