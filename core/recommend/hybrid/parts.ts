import { z } from 'zod';
import type { Progress } from '../../numerics/progress.ts';
import { stopwatch } from '../backend.ts';
import type { Cut } from '../held-out.ts';
import type { Artefact, CourseFacts, Dataset, Model, ModelType } from '../model.ts';
import { als, chooseAls } from '../models/als.ts';
import { content, type ContentModel } from '../models/content.ts';
import { chooseEase, ease } from '../models/ease.ts';
import { chooseItemKnn, itemKnn } from '../models/item-knn.ts';
import { chooseMarkov, markov } from '../models/markov.ts';
import { lstm } from '../models/lstm.ts';
import { popular } from '../models/popular.ts';
import { transformer } from '../models/transformer.ts';
import { trending } from '../models/trending.ts';
import { stepOf, userKnn } from '../models/user-knn.ts';

/** A model that the hybrid fuses, as its type fits it. */
export interface Part {
  model: Model;
  /** That its fit took; NaN of a loaded one. */
  seconds: number;
}

/** By public model name. */
export type Parts = ReadonlyMap<string, Part>;

/** A model that takes no part, and why. */
export interface LeftOut {
  name: string;
  why: string;
}

/** Every model that is fitted anew for each fold. */
const types: readonly ModelType[] = [popular, trending, markov, itemKnn, userKnn, ease, als, content];

/** Those that take long to train: fitted on one fold, then further on everything. */
export const deepTypes: readonly ModelType[] = [lstm, transformer];

/** What a model that is fitted by iteration adds to counting is not worth its time on less. */
const LEAST_INTERACTIONS: ReadonlyMap<string, number> = new Map([[als.name, 5000]]);

/** Why a model takes no part in a dataset; undefined where it does. */
function whyNot({ name }: ModelType, interactions: number): string | undefined {
  const least = LEAST_INTERACTIONS.get(name) ?? 0;
  return interactions < least ? `the hybrid takes it from ${least} interactions on` : undefined;
}

/** Decided once, for all folds. */
export interface PartSettings {
  /** Settings by model name, each 'auto' that costs a search decided. */
  of: ReadonlyMap<string, Record<string, unknown>>;
  /** Why a model takes no part, by its name. */
  leftOut: ReadonlyMap<string, string>;
}

/** Settings of the parts by model name; what is left out is as the part has it by itself. */
export type GivenSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The parts whose settings may be given. */
export const adjustable: readonly ModelType[] = [markov, itemKnn, userKnn, ease, als];
/** Said once for the hybrid and all of its parts. */
const SHARED: readonly string[] = ['cut', 'seed', 'budgetSeconds'];

/** Checked by each part's own config, and kept as given: the defaults stay with the part. */
export const givenSettings = z.record(z.string(), z.record(z.string(), z.unknown())).superRefine((given, context) => {
  const refuse = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
  for (const [name, settings] of Object.entries(given)) {
    const type = adjustable.find((one) => one.name === name);
    if (!type) {
      refuse([name], `not one of ${adjustable.map((one) => one.name).join(', ')}`);
      continue;
    }
    for (const { path, message } of type.config.safeParse(settings).error?.issues ?? [])
      refuse([name, ...path], message);
    for (const key of SHARED) if (key in settings) refuse([name, key], 'not said for one part alone');
  }
});

/** Decided once on the whole dataset, as the models by themselves decide, so that a fold need not. */
export async function chooseSettings(
  dataset: Dataset,
  cut: Cut,
  seed: number,
  given: GivenSettings = {},
): Promise<PartSettings> {
  const shared = { cut, seed };
  const wanted = (type: ModelType) => ({ ...given[type.name], ...shared });
  const leftOut = new Map<string, string>();
  for (const type of types) {
    const why = whyNot(type, dataset.items.length);
    if (why !== undefined) leftOut.set(type.name, why);
  }
  const of = new Map<string, Record<string, unknown>>([
    [markov.name, { ...wanted(markov), ...chooseMarkov(dataset, markov.config.parse(wanted(markov))) }],
    [itemKnn.name, { ...wanted(itemKnn), ...chooseItemKnn(dataset, itemKnn.config.parse(wanted(itemKnn))) }],
    [ease.name, { ...wanted(ease), ...(await chooseEase(dataset, ease.config.parse(wanted(ease)))) }],
    [userKnn.name, { step: stepOf(cut), ...wanted(userKnn) }],
    [content.name, shared],
  ]);
  if (!leftOut.has(als.name)) {
    of.set(als.name, { ...wanted(als), ...(await chooseAls(dataset, als.config.parse(wanted(als)))) });
  }
  return { of, leftOut };
}

/** A type's settings: of `wanted` those that it takes, its defaults for the rest. */
export function settingsFor(type: ModelType, wanted: Readonly<Record<string, unknown>>): unknown {
  const keys = type.config instanceof z.ZodObject ? Object.keys(type.config.shape) : [];
  return type.config.parse(Object.fromEntries(Object.entries(wanted).filter(([key]) => keys.includes(key))));
}

export async function fitParts(
  dataset: Dataset,
  settings: PartSettings,
  known: ReadonlyMap<string, Model>,
  progress: Progress,
): Promise<{ parts: Parts; leftOut: LeftOut[] }> {
  const parts = new Map<string, Part>();
  const leftOut: LeftOut[] = [];
  for (const [at, type] of types.entries()) {
    const { name } = type;
    const why = settings.leftOut.get(name);
    if (why !== undefined) {
      leftOut.push({ name, why });
      continue;
    }
    const begun = stopwatch();
    const within: Progress = (what, share) => progress(`${name}, ${what}`, (at + share) / types.length);
    const model = known.get(name) ?? (await type.fit(dataset, settingsFor(type, settings.of.get(name) ?? {}), within));
    parts.set(name, { model, seconds: stopwatch() - begun });
    progress(name, (at + 1) / types.length);
  }
  return { parts, leftOut };
}

/** The content model among the parts: it needs no learners, and is never left out. */
export function contentOf(parts: Parts): ContentModel {
  return parts.get(content.name)!.model as ContentModel;
}

const SEPARATOR = '/';

/** Several artefacts in one: the arrays of part p under `p/name`. */
export function joinArtefacts(parts: Iterable<[string, Artefact]>): Artefact {
  const json: Record<string, unknown> = {};
  const arrays: Artefact['arrays'] = {};
  for (const [name, saved] of parts) {
    json[name] = saved.json;
    for (const [key, array] of Object.entries(saved.arrays)) arrays[name + SEPARATOR + key] = array;
  }
  return { json, arrays };
}

/** One of the joined artefacts; undefined where there is none of this name. */
export function artefactOf(joined: Artefact, name: string): Artefact | undefined {
  const json = joined.json as Record<string, unknown>;
  if (!Object.hasOwn(json, name)) return undefined;
  const arrays: Artefact['arrays'] = {};
  for (const [key, array] of Object.entries(joined.arrays)) {
    if (key.startsWith(name + SEPARATOR)) arrays[key.slice(name.length + SEPARATOR.length)] = array;
  }
  return { json: json[name], arrays };
}

export function loadParts(joined: Artefact, courses: readonly CourseFacts[]): Parts {
  const parts = new Map<string, Part>();
  for (const type of [...types, ...deepTypes]) {
    const artefact = artefactOf(joined, type.name);
    if (artefact) parts.set(type.name, { model: type.load(artefact, courses), seconds: NaN });
  }
  return parts;
}
