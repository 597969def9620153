import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Imported by a name that types can not follow: the compiler's own would change what Array means in the whole project. */
const compiler: string = 'assemblyscript/asc';

/** The repository's AssemblyScript sources; each has its binary beside it. */
export const sources: readonly string[] = readdirSync('core', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.as.ts'))
  .map((path) => `core/${path}`)
  .sort();

export const binaryOf = (source: string): string => source.replace(/\.as\.ts$/, '.wasm');

/** Compiles a source with the flags that its first line names: `// asc <flags>`. */
export async function assemble(source: string): Promise<Uint8Array> {
  const flags = /^\/\/ asc (.+)/
    .exec(await readFile(source, 'utf8'))?.[1]
    ?.trim()
    .split(/\s+/);
  if (!flags) throw new Error(`${source} must begin with "// asc <flags>"`);
  const directory = await mkdtemp(join(tmpdir(), 'coursebell-wasm-'));
  try {
    const out = join(directory, 'out.wasm');
    const { main } = (await import(compiler)) as {
      main: (flags: string[]) => Promise<{ error: Error | null; stderr: Buffer }>;
    };
    const { error, stderr } = await main([source, '--outFile', out, ...flags]);
    if (error) throw new Error(stderr.toString(), { cause: error });
    return await readFile(out);
  } finally {
    await rm(directory, { recursive: true });
  }
}

// `npm run wasm` writes every binary anew.
if (process.argv[1]?.endsWith('test/setup/wasm.ts')) {
  for (const source of sources) {
    const binary = await assemble(source);
    await writeFile(binaryOf(source), binary);
    console.log(`${binaryOf(source)} ${binary.length} bytes`);
  }
}
