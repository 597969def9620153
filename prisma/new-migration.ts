// Writes a migration from the last one's schema snapshot to prisma/schema.prisma without a
// download, or with `--check` says whether one is missing:
//   npm run prisma:migration -- add_streaks
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { joinEmbedded } from './embedded.ts';
import { migrationsFolder, readMigrations } from './migrate.ts';

const schemaFile = path.join(import.meta.dirname, 'schema.prisma');
const schema = fs.readFileSync(schemaFile, 'utf8');
const [argument] = process.argv.slice(2);
if (!argument) {
  console.error('Give the migration a name: npm run prisma:migration -- <name>, or --check');
  process.exit(2);
}
const last = readMigrations().at(-1)?.name;
const snapshot = last && fs.readFileSync(path.join(migrationsFolder, last, 'schema.prisma'), 'utf8');
if (argument === '--check') {
  if (snapshot === schema) process.exit(0);
  console.error('prisma/schema.prisma has changed since the last migration: npm run prisma:migration -- <name>');
  process.exit(1);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-migration-'));
fs.chmodSync(folder, 0o755);
const server = await joinEmbedded(path.join(folder, 'data'));
try {
  const script = await difference(snapshot, schema);
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const name = `${stamp}_${argument.replace(/\W+/g, '_')}`;
  fs.mkdirSync(path.join(migrationsFolder, name), { recursive: true });
  fs.writeFileSync(path.join(migrationsFolder, name, 'migration.sql'), script);
  fs.writeFileSync(path.join(migrationsFolder, name, 'schema.prisma'), schema);
  fs.writeFileSync(path.join(migrationsFolder, 'migration_lock.toml'), 'provider = "postgresql"\n');
  console.log(`Wrote prisma/migrations/${name}: read it before you commit it.`);
} finally {
  await server.leave();
  fs.rmSync(folder, { recursive: true, force: true });
}

async function difference(from: string | undefined, to: string): Promise<string> {
  const resolve = createRequire(import.meta.url).resolve;
  const binary = path.join(
    path.dirname(resolve('@prisma/schema-engine-wasm/schema_engine_bg')),
    'schema_engine_bg.wasm',
  );
  const bindings = engine as unknown as Record<string, unknown> & {
    __wbg_set_wasm(exports: WebAssembly.Exports): void;
    SchemaEngine: {
      new (
        options: object,
        log: () => void,
        factory: unknown,
      ): Promise<{
        diff(options: object): Promise<{ stdout?: string }>;
      }>;
    } & { new: (...args: unknown[]) => Promise<{ diff(options: object): Promise<{ stdout?: string }> }> };
  };
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(binary), {
    './schema_engine_bg.js': bindings as unknown as WebAssembly.ModuleImports,
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaPg(server.connection));
  const files = (content: string) => ({
    tag: 'schemaDatamodel',
    files: [{ path: 'schema.prisma', content }],
  });
  const prisma = await bindings.SchemaEngine.new({ datamodels: [['schema.prisma', to]] }, () => {}, factory);
  const result = await prisma.diff({
    from: from ? files(from) : { tag: 'empty' },
    to: files(to),
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return result.stdout ?? '';
}
