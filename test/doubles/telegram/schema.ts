import fs from 'node:fs';
import ts from 'typescript';

/** The part of JSON Schema that the Bot API needs, with two words of our own. */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: false;
  items?: Schema;
  enum?: unknown[];
  anyOf?: Schema[];
  $ref?: string;
  minLength?: number;
  maxLength?: number;
  /** Longest in UTF-8. */
  maxBytes?: number;
  /** An uploaded file. */
  file?: true;
}

/** What the Bot API says about itself. */
export interface Description {
  methods: Record<string, { params: Schema; result?: Schema }>;
  definitions: Record<string, Schema>;
}

let made: Description | undefined;

/** The Bot API as JSON schema, made from the declarations of `@gramio/types`. */
export function botApi(): Description {
  return (made ??= describe());
}

function describe(): Description {
  const folder = new URL('../../../node_modules/@gramio/types/out/', import.meta.url);
  const read = (name: string) =>
    ts.createSourceFile(name, fs.readFileSync(new URL(`${name}.d.ts`, folder), 'utf8'), ts.ScriptTarget.Latest, true);
  const definitions: Record<string, Schema> = { TelegramInputFile: { file: true } };
  for (const source of [read('objects'), read('params')]) {
    for (const node of source.statements) {
      if (ts.isInterfaceDeclaration(node)) definitions[node.name.text] = objectOf(node.members);
      else if (ts.isTypeAliasDeclaration(node) && !node.typeParameters)
        definitions[node.name.text] ??= schemaOf(node.type);
    }
  }
  const methods: Description['methods'] = {};
  for (const node of read('methods').statements) {
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== 'APIMethods') continue;
    for (const member of node.members) {
      if (!ts.isPropertySignature(member) || !member.type || !ts.isTypeReferenceNode(member.type)) continue;
      const given = member.type.typeArguments ?? [];
      const takesNothing = member.type.typeName.getText() === 'CallAPIWithoutParams';
      methods[member.name.getText()] = {
        params: takesNothing ? objectOf([]) : schemaOf(given[0]!),
        result: schemaOf(given[takesNothing ? 0 : 1]!),
      };
    }
  }
  return { methods, definitions };
}

function objectOf(members: Iterable<ts.TypeElement>): Schema {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const member of members) {
    if (!ts.isPropertySignature(member) || !member.type) throw new Error(`Not a property: ${member.getText()}`);
    const name = member.name.getText();
    properties[name] = { ...schemaOf(member.type), ...lengthOf(member) };
    if (!member.questionToken) required.push(name);
  }
  return { type: 'object', properties, required, additionalProperties: false };
}

/** The declarations say lengths in words: "1-4096 characters after entities parsing". */
function lengthOf(member: ts.PropertySignature): Schema {
  if (!/^string|\{ toString/.test(member.type!.getText())) return {};
  const [, from, to, unit] = /\b(\d+)-(\d+) (characters|bytes)/.exec(wordsOn(member)) ?? [];
  if (!from || !to) return {};
  return { minLength: Number(from), ...(unit === 'bytes' ? { maxBytes: Number(to) } : { maxLength: Number(to) }) };
}

const wordsOn = (node: ts.Node): string => node.getFullText().slice(0, node.getLeadingTriviaWidth());

function schemaOf(node: ts.TypeNode): Schema {
  if (ts.isParenthesizedTypeNode(node)) return schemaOf(node.type);
  if (ts.isArrayTypeNode(node)) return { type: 'array', items: schemaOf(node.elementType) };
  if (ts.isUnionTypeNode(node)) {
    // `{ toString(): string }` is a string too, once it is sent.
    return { anyOf: node.types.filter((one) => !ts.isTypeLiteralNode(one)).map(schemaOf) };
  }
  if (ts.isLiteralTypeNode(node)) return { enum: [JSON.parse(node.getText()) as unknown] };
  if (ts.isTypeReferenceNode(node)) {
    if (node.getText().startsWith('Exclude<keyof')) return { type: 'string' };
    return { $ref: node.typeName.getText().replace(/^\w+\./, '') };
  }
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return { type: 'string' };
    case ts.SyntaxKind.NumberKeyword:
      return { type: 'number' };
    case ts.SyntaxKind.BooleanKeyword:
      return { type: 'boolean' };
  }
  throw new Error(`The Bot API has a form of type that is not known here: ${node.getText()}`);
}
