import { z } from 'zod';
import type { Random } from '../../numerics/random.ts';
import type { ModelType, SearchRange } from '../../recommend/model.ts';

/** What is tried for a key: each of the values as likely, and the range as likely as each of them. */
export interface Dimension {
  values: readonly (string | number | boolean)[];
  range?: { min: number; max: number; log: boolean; whole: boolean };
}

/** By key of a model's config. */
export type Space = Readonly<Record<string, Dimension>>;

export type Settings = Record<string, string | number | boolean>;

/** Said by what is asked, by who asks, or by the machine: no matter of better or worse. */
const GIVEN: ReadonlySet<string> = new Set(['cut', 'clock', 'seed', 'budgetSeconds']);
/** A range that nothing says ends so many times above and below the default. */
const AROUND = 4;

/** What can be searched of a model: what its type says, else what its config allows around the defaults. */
export function spaceOf({ config, search = {} }: Pick<ModelType, 'config' | 'search'>): Space {
  const { properties = {} } = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Schemas;
  };
  const space: Record<string, Dimension> = {};
  for (const [key, schema] of Object.entries(properties)) {
    const said = search[key];
    const dimension = said ? dimensionOf(said) : GIVEN.has(key) ? { values: [] } : allowedBy(schema);
    if (dimension.range || dimension.values.length > 1) space[key] = dimension;
  }
  return space;
}

/** One draw, every key by itself. */
export function sampleSettings(space: Space, random: Random): Settings {
  const settings: Settings = {};
  for (const [key, { values, range }] of Object.entries(space)) {
    const place = random.int(values.length + (range ? 1 : 0));
    settings[key] = place < values.length ? values[place]! : within(range!, random.next());
  }
  return settings;
}

interface Schema {
  type?: string;
  const?: string | number | boolean;
  enum?: (string | number | boolean)[];
  default?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  anyOf?: Schema[];
}
type Schemas = Record<string, Schema>;

function dimensionOf(said: SearchRange): Dimension {
  if (!('min' in said)) return { values: said };
  const { min, max, log = false, whole = false } = said;
  return { values: [], range: { min, max, log, whole } };
}

function allowedBy(schema: Schema): Dimension {
  const options = schema.anyOf ?? [schema];
  const values = options.flatMap((option) =>
    option.const !== undefined ? [option.const] : (option.enum ?? (option.type === 'boolean' ? [false, true] : [])),
  );
  const numeric = options.find(({ type }) => type === 'number' || type === 'integer');
  const range = numeric && rangeOf(numeric, schema.default);
  return { values, ...(range && { range }) };
}

/** Where both ends are said and near, all between them; else around a default above 0. */
function rangeOf({ type, minimum, exclusiveMinimum, maximum }: Schema, usual: unknown): Dimension['range'] {
  const whole = type === 'integer';
  const least = minimum ?? exclusiveMinimum;
  // An integer of zod ends where numbers do.
  if (least !== undefined && least >= 0 && maximum !== undefined && maximum <= 1) {
    return { min: least, max: maximum, log: false, whole };
  }
  if (typeof usual !== 'number' || usual <= 0) return undefined;
  const min = Math.max(usual / AROUND, minimum ?? 0, whole ? 1 : 0);
  const max = Math.min(usual * AROUND, maximum ?? Infinity);
  return { min, max, log: true, whole };
}

/** Three digits say as much as sixteen, and are read more easily. */
function within({ min, max, log, whole }: NonNullable<Dimension['range']>, share: number): number {
  const value = log ? min * (max / min) ** share : min + (max - min) * share;
  return whole ? Math.round(value) : Math.min(max, Math.max(min, Number(value.toPrecision(3))));
}
