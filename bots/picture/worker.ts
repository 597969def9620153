/** Pictures to PNG in one thread of its own: a chat does not stand still while one is drawn. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { FONT, type Drawing } from './drawing.ts';
import { createGlyphs } from './glyphs.ts';

/** Tells our thread from others: a test runner may run this file in a thread of its own. */
const MARK = 'coursebell/picture';

type Answer = { id: number } & ({ png: Uint8Array } | { failed: string });

interface Waiting {
  resolve: (png: Buffer) => void;
  reject: (error: Error) => void;
}

let thread: { worker: Worker; waiting: Map<number, Waiting> } | undefined;
let drawings = 0;

/** Draws in the thread, which starts with the first picture and does not keep the process alive. */
export function toPng(drawing: Drawing): Promise<Buffer> {
  const { worker, waiting } = (thread ??= startThread());
  const id = ++drawings;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.ref();
    worker.postMessage({ id, drawing });
  });
}

function startThread() {
  const worker = new Worker(new URL('./worker-entry.js', import.meta.url), {
    workerData: { [MARK]: true },
    // The loader is registered by the entry; whatever the parent was started with stays out.
    execArgv: [],
    name: 'picture',
  });
  const waiting = new Map<number, Waiting>();
  const started = { worker, waiting };
  const end = (error: Error) => {
    if (thread === started) thread = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if ('png' in answer) asked?.resolve(Buffer.from(answer.png.buffer, answer.png.byteOffset, answer.png.byteLength));
    else asked?.reject(new Error(`A picture could not be drawn: ${answer.failed}`));
  });
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`The picture thread ended with code ${code}`)));
  return started;
}

function fontFiles(): string[] {
  // The package names its entry alone; the fonts stand beside the folder of it.
  const entry = createRequire(import.meta.url).resolve('@embedpdf/fonts-sc');
  return ['Regular', 'Bold'].map((weight) => join(dirname(entry), '..', 'fonts', `NotoSansHans-${weight}.otf`));
}

async function serve(port: NonNullable<typeof parentPort>) {
  const { Resvg } = await import('@resvg/resvg-js');
  const font = { fontFiles: fontFiles(), loadSystemFonts: false, defaultFontFamily: FONT, sansSerifFamily: FONT };
  const pathsOf = createGlyphs((svg) => new Resvg(svg, { font }).toString());
  port.on('message', ({ id, drawing }: { id: number; drawing: Drawing }) => {
    try {
      const { width, height, ground, shapes, words, pixels } = drawing;
      const box = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
      const picture = new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" ${box}>${shapes}${pathsOf(words)}</svg>`, {
        background: ground,
        fitTo: { mode: 'width', value: pixels },
        font: { loadSystemFonts: false },
      });
      port.postMessage({ id, png: picture.render().asPng() } satisfies Answer);
    } catch (error) {
      port.postMessage({ id, failed: error instanceof Error ? error.name : typeof error } satisfies Answer);
    }
  });
}

if (parentPort && (workerData as Record<string, unknown> | null)?.[MARK] === true) await serve(parentPort);
