import type { Schema } from './schema.ts';

type Definitions = Readonly<Record<string, Schema>>;

/** A file that came with a call. */
export class UploadedFile {
  constructor(
    readonly name: string,
    readonly content: Buffer,
  ) {}
}

/** What of a value is not as its schema says, each with its place; nothing when it is. */
export function problems(value: unknown, schema: Schema, definitions: Definitions, at = ''): string[] {
  if (schema.$ref !== undefined) {
    const definition = definitions[schema.$ref];
    if (!definition) throw new Error(`No definition of ${schema.$ref}`);
    return problems(value, definition, definitions, at);
  }
  if (schema.anyOf) {
    const lengths = textProblems(value, schema, at);
    if (lengths.length > 0) return lengths;
    let fewest: string[] | undefined;
    for (const one of schema.anyOf) {
      const found = problems(value, one, definitions, at);
      if (found.length === 0) return found;
      if (!fewest || found.length < fewest.length) fewest = found;
    }
    return fewest ?? [`${at}: nothing fits`];
  }
  if (schema.enum) return schema.enum.includes(value) ? [] : [`${at}: not ${schema.enum.map(String).join(' or ')}`];
  if (schema.file) return value instanceof UploadedFile ? [] : [`${at}: not a file`];
  switch (schema.type) {
    case 'string':
      return typeof value === 'string' ? textProblems(value, schema, at) : [`${at}: not a text`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${at}: not true or false`];
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? [] : [`${at}: not a number`];
    case 'integer':
      return Number.isSafeInteger(value) ? [] : [`${at}: not a whole number`];
    case 'array': {
      if (!Array.isArray(value)) return [`${at}: not a list`];
      return value.flatMap((item, index) => problems(item, schema.items!, definitions, `${at}[${index}]`));
    }
    case 'object':
      return objectProblems(value, schema, definitions, at);
  }
  return [];
}

function objectProblems(value: unknown, schema: Schema, definitions: Definitions, at: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof UploadedFile)
    return [`${at}: not an object`];
  const given = value as Record<string, unknown>;
  const { properties = {}, required = [] } = schema;
  return [
    ...required.filter((name) => given[name] === undefined).map((name) => `${at}.${name}: missing`),
    ...Object.entries(given).flatMap(([name, one]) => {
      if (one === undefined) return [];
      const property = properties[name];
      return property ? problems(one, property, definitions, `${at}.${name}`) : [`${at}.${name}: not known`];
    }),
  ];
}

function textProblems(value: unknown, { minLength = 0, maxLength, maxBytes }: Schema, at: string): string[] {
  if (typeof value !== 'string') return [];
  // A lone half of a character can not be sent as UTF-8.
  if (/\p{Cs}/u.test(value)) return [`${at}: half a character`];
  if (value.length < minLength) return [`${at}: shorter than ${minLength}`];
  if (maxLength !== undefined && value.length > maxLength) return [`${at}: longer than ${maxLength} characters`];
  if (maxBytes !== undefined && Buffer.byteLength(value) > maxBytes) return [`${at}: longer than ${maxBytes} bytes`];
  return [];
}

/** A field of a form, which is text, as what its schema wants. */
export function fromForm(text: string, schema: Schema, definitions: Definitions): unknown {
  if (/^-?\d+$/.test(text) && accepts(schema, 'number', definitions)) return Number(text);
  if (accepts(schema, 'string', definitions)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function accepts(schema: Schema, type: Schema['type'], definitions: Definitions): boolean {
  if (schema.$ref !== undefined) return accepts(definitions[schema.$ref] ?? {}, type, definitions);
  if (schema.anyOf) return schema.anyOf.some((one) => accepts(one, type, definitions));
  return schema.type === type || (schema.enum?.some((one) => typeof one === type) ?? false);
}
