import { topicMix } from './calibration.ts';
import { gather, type Candidates } from './candidates.ts';
import { EXPLORED_DEPTH } from './exploration.ts';
import { rerank, type Ranked } from './rerank.ts';
import type { Request } from './slate.ts';
import type { Stock } from './stock.ts';

/** What an operator sets of how slates are made from the ranker's scores. */
export interface ChoiceSettings {
  /** Share of slots that explore, in [0, 1]. */
  explore: number;
  /** 0 ranks by relevance alone, 1 by difference alone. */
  diversity: number;
  /** 0 leaves the mix of topics as it comes, 1 follows the learner's own alone. */
  calibration: number;
  /** Whether language, level, price and having been shown before count. What is owned or dismissed never comes. */
  fit: boolean;
}

/** All that may stand in the slate of one request, before chance decides. */
export interface Choice {
  candidates: Candidates;
  /** Fills the places that do not explore, in order. */
  ranking: Ranked[];
  /** Explored places draw from it. */
  pool: Ranked[];
  /** Share of the places that explore. */
  share: number;
}

export function choose(stock: Stock, request: Request, settings: ChoiceSettings): Choice {
  const candidates = gather(stock, request, settings.fit);
  const ranking = fill(stock, candidates, request.count, settings);
  const pool = explorationPool(stock, candidates.tiers, ranking);
  return { candidates, ranking, pool, share: request.explore === false ? 0 : settings.explore };
}

/** The best of each tier made diverse and calibrated, one tier after the other until there are enough. */
function fill(stock: Stock, candidates: Candidates, count: number, settings: ChoiceSettings): Ranked[] {
  const similarity = (a: number, b: number) => stock.content.similarity(a, b);
  const topicsOf = (item: number) => stock.courses[item]!.topics;
  const calibration = { strength: settings.calibration, mix: topicMix(candidates.history, topicsOf), topicsOf };
  const taken: Ranked[] = [];
  for (const tier of candidates.tiers) {
    if (taken.length >= count) break;
    const { diversity } = settings;
    taken.push(...rerank(tier, { count: count - taken.length, diversity, similarity, calibration }));
  }
  return taken;
}

/** What the learner has not looked at yet and would not get to see: the best of the rest, and what nobody took. */
function explorationPool(stock: Stock, tiers: readonly Ranked[][], ranking: readonly Ranked[]): Ranked[] {
  const shown = new Set(ranking.map(({ item }) => item));
  const rest = [...(tiers[0] ?? []), ...(tiers[1] ?? [])].filter(({ item }) => !shown.has(item));
  return rest.filter(({ item }, place) => place < EXPLORED_DEPTH || stock.learners(item) === 0);
}
