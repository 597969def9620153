import { choose, type ChoiceSettings } from '../../recommend/choice.ts';
import type { Request } from '../../recommend/slate.ts';
import type { Stock } from '../../recommend/stock.ts';
import { isSettled } from '../../recommend/rules.ts';
import { placing, uniformPlacing, type Placing } from './placing.ts';

/** A request for a slate as it came, or as it can be told to have come. */
export type Context = Omit<Request, 'random' | 'explore'>;

/** Something that could have made the slates; courses go by their index in the catalogue. */
export interface Policy {
  name: string;
  /** What was shown before it is no test: the policy has learned from what followed. null: it learned nothing. */
  learnedTo: Date | null;
  /** What it may have shown, each place with its probabilities. */
  place(context: Context): Placing;
}

/** A trained version under settings of choosing, exactly as it would serve. */
export function servedPolicy(name: string, stock: Stock, settings: ChoiceSettings, learnedTo: Date | null): Policy {
  return {
    name,
    learnedTo,
    place(context) {
      // Nothing is drawn: the generator that a request must have is never asked.
      const { ranking, pool, share } = choose(stock, { ...context, random: never }, settings);
      const items = (ranked: readonly { item: number }[]) => ranked.map(({ item }) => item);
      return placing(items(ranking), items(pool), share);
    },
  };
}

/** What the most learners had taken by then, always in that order. @param takers of a course before a moment (ms). */
export function popularPolicy(stock: Stock, takers: (courseId: string, before: number) => number): Policy {
  return {
    name: 'popular',
    learnedTo: null,
    place(context) {
      const before = context.now.getTime();
      const counted = allowed(stock, context).map((item) => ({ item, count: takers(stock.courses[item]!.id, before) }));
      const ranked = counted.sort((a, b) => b.count - a.count || a.item - b.item).slice(0, context.count);
      return placing(
        ranked.map(({ item }) => item),
        [],
        0,
      );
    },
  };
}

/** Any course that the rules allow, each as likely. */
export function uniformPolicy(stock: Stock): Policy {
  return {
    name: 'uniform',
    learnedTo: null,
    place: (context) => uniformPlacing(allowed(stock, context), context.count),
  };
}

/** Not gone, and not the learner's already, given back or turned down. */
function allowed(stock: Stock, { state, exclude = [] }: Context): number[] {
  const excluded = new Set(exclude);
  const items: number[] = [];
  stock.courses.forEach(({ id, archived }, item) => {
    const track = state?.history.get(id);
    if (!archived && !excluded.has(id) && !(track && isSettled(track))) items.push(item);
  });
  return items;
}

const never: Request['random'] = {
  next: refuse,
  int: refuse,
  normal: refuse,
  pick: refuse,
  shuffle: refuse,
};

function refuse(): never {
  throw new Error('A policy is asked for its probabilities and draws nothing');
}
