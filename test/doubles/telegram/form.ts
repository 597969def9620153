import type { IncomingMessage } from 'node:http';
import { fromForm, UploadedFile } from './check.ts';
import type { Description } from './schema.ts';

/** The parameters of a call: JSON, or a form with files in it. */
export async function readParams(
  request: IncomingMessage,
  method: string,
  { methods, definitions }: Description,
): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (body.length === 0) return {};
  if (!type.startsWith('multipart/')) return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const params: Record<string, unknown> = {};
  const known = methods[method]?.params;
  const properties = (known?.$ref === undefined ? known : definitions[known.$ref])?.properties ?? {};
  for (const [name, value] of form as unknown as Iterable<[string, string | File]>) {
    // The client names the method once more within a form.
    if (name === 'method') continue;
    params[name] =
      typeof value === 'string'
        ? fromForm(value, properties[name] ?? { type: 'string' }, definitions)
        : new UploadedFile(value.name, Buffer.from(await value.arrayBuffer()));
  }
  return params;
}
