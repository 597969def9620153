import type { Artefact } from './model.ts';

const kinds = { Float32Array, Float64Array, Int32Array, Uint8Array } as const;
type Kind = keyof typeof kinds;

interface Header {
  format: 1;
  parts: Record<string, { json: unknown; arrays: { name: string; kind: Kind; offset: number; length: number }[] }>;
}

const ALIGNMENT = 8;

/** A packed version that this program can not read. */
export class PackError extends Error {}

/**
 * Several artefacts as one run of bytes: length of the header (uint32, little endian), the header
 * as JSON, then the arrays, each aligned to 8 bytes, in the byte order of the machine (all that
 * Node runs on are little endian).
 */
export function pack(parts: Readonly<Record<string, Artefact>>): Buffer {
  const header: Header = { format: 1, parts: {} };
  const pieces: { offset: number; bytes: Uint8Array }[] = [];
  let end = 0;
  for (const [part, { json, arrays }] of Object.entries(parts)) {
    const listed: Header['parts'][string]['arrays'] = [];
    for (const [name, array] of Object.entries(arrays)) {
      const offset = aligned(end);
      listed.push({ name, kind: array.constructor.name as Kind, offset, length: array.length });
      pieces.push({ offset, bytes: new Uint8Array(array.buffer, array.byteOffset, array.byteLength) });
      end = offset + array.byteLength;
    }
    header.parts[part] = { json, arrays: listed };
  }
  const words = Buffer.from(JSON.stringify(header));
  const start = aligned(4 + words.length);
  const packed = Buffer.alloc(start + end);
  packed.writeUInt32LE(words.length, 0);
  words.copy(packed, 4);
  for (const { offset, bytes } of pieces) packed.set(bytes, start + offset);
  return packed;
}

/** @throws PackError when the bytes are not a whole pack of a known format. */
export function unpack(packed: Uint8Array): Record<string, Artefact> {
  // A copy of its own: views need aligned offsets, and a database driver's buffer may be shared.
  const bytes = Uint8Array.from(packed);
  const view = new DataView(bytes.buffer);
  const headerLength = bytes.length < 4 ? Infinity : view.getUint32(0, true);
  if (4 + headerLength > bytes.length) throw new PackError('The model artefact is cut short');
  let header: Header;
  try {
    header = JSON.parse(Buffer.from(bytes.buffer, 4, headerLength).toString()) as Header;
  } catch (cause) {
    throw new PackError('The model artefact has no readable header', { cause });
  }
  if ((header.format as number) !== 1) throw new PackError(`The model artefact has format ${header.format}, not 1`);
  const start = aligned(4 + headerLength);
  const artefacts: Record<string, Artefact> = {};
  for (const [part, { json, arrays }] of Object.entries(header.parts)) {
    const opened: Artefact = { json, arrays: {} };
    for (const { name, kind, offset, length } of arrays) {
      if (!Object.hasOwn(kinds, kind))
        throw new PackError(`The model artefact holds an unknown kind of array: ${kind}`);
      const end = start + offset + length * kinds[kind].BYTES_PER_ELEMENT;
      if (end > bytes.length) throw new PackError('The model artefact is cut short');
      opened.arrays[name] = new kinds[kind](bytes.buffer, start + offset, length);
    }
    artefacts[part] = opened;
  }
  return artefacts;
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
