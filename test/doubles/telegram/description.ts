import fs from 'node:fs';
import type { Description, Schema } from './schema.ts';

interface Field {
  name: string;
  types: string[];
  required: boolean;
}

interface Api {
  methods: Record<string, { fields?: Field[] }>;
  types: Record<string, { fields?: Field[]; subtypes?: string[] }>;
}

/** The Bot API as JSON schema, from a machine-readable description of it (`api.min.json`). */
export function readDescription(file: string): Description {
  const api = JSON.parse(fs.readFileSync(file, 'utf8')) as Api;
  const definitions: Record<string, Schema> = {};
  for (const [name, { fields, subtypes }] of Object.entries(api.types))
    definitions[name] = subtypes ? { anyOf: subtypes.map(schemaOf) } : objectOf(fields);
  definitions['InputFile'] = { file: true };
  const methods: Description['methods'] = {};
  for (const [name, { fields }] of Object.entries(api.methods)) methods[name] = { params: objectOf(fields) };
  return { methods, definitions };
}

function objectOf(fields: Field[] = []): Schema {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(({ name, types }) => [name, { anyOf: types.map(schemaOf) }])),
    required: fields.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

function schemaOf(type: string): Schema {
  if (type.startsWith('Array of ')) return { type: 'array', items: schemaOf(type.slice(9)) };
  switch (type) {
    case 'Integer':
      return { type: 'integer' };
    case 'Float':
      return { type: 'number' };
    case 'String':
      return { type: 'string' };
    case 'Boolean':
      return { type: 'boolean' };
    case 'True':
      return { enum: [true] };
  }
  return { $ref: type };
}
