/** A file as it came with a request. */
export interface UploadedFile {
  /** `files[0]` */
  field: string;
  name: string;
  content: Buffer;
}

/** The JSON of a request and its files; a body that is neither JSON nor a form is an error. */
export function readBody(contentType: string, raw: Buffer): { body: unknown; files: UploadedFile[] } {
  if (raw.length === 0) return { body: undefined, files: [] };
  if (contentType.includes('application/json')) return { body: JSON.parse(raw.toString('utf8')), files: [] };
  const boundary = /multipart\/form-data; *boundary="?([^";]+)/.exec(contentType)?.[1];
  if (!boundary) throw new Error(`A body of type ${contentType}`);
  let body: unknown;
  const files: UploadedFile[] = [];
  for (const part of partsOf(raw, boundary)) {
    const end = part.indexOf('\r\n\r\n');
    const head = part.subarray(0, end).toString('utf8');
    const content = part.subarray(end + 4);
    const field = / name="([^"]*)"/.exec(head)?.[1] ?? '';
    const name = / filename="([^"]*)"/.exec(head)?.[1];
    if (field === 'payload_json') body = JSON.parse(content.toString('utf8'));
    else if (name !== undefined) files.push({ field, name, content });
  }
  return { body, files };
}

function partsOf(raw: Buffer, boundary: string): Buffer[] {
  const mark = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let from = raw.indexOf(mark);
  for (let next = raw.indexOf(mark, from + mark.length); next >= 0; next = raw.indexOf(mark, from + mark.length)) {
    // Between the line end after the mark and the one before the next.
    parts.push(raw.subarray(from + mark.length + 2, next - 2));
    from = next;
  }
  return parts;
}
