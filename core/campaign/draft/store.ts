import { hash } from 'node:crypto';
import type { Database } from '../../../prisma/connect.ts';

const VERSION_LENGTH = 12;

/** A campaign that a manager has written down and not started. */
export interface Draft {
  id: string;
  name: string;
  /** As the manager wrote it. */
  plan: unknown;
  /** Another plan has another version. */
  version: string;
  updatedAt: Date;
}

/** Keeps a plan under its name, in place of an earlier draft of that name. */
export async function saveDraft(db: Database, name: string, plan: unknown, now: Date): Promise<Draft> {
  const { rows } = await db.pool.query<DraftRow>(
    `insert into campaign_drafts (name, plan, updated_at) values ($1, $2, $3)
     on conflict (name) do update set plan = excluded.plan, updated_at = excluded.updated_at returning *`,
    [name, JSON.stringify(plan), now],
  );
  return asDraft(rows[0]!);
}

/** The draft of that name, whatever the case of its letters. */
export async function findDraft(db: Database, name: string): Promise<Draft | undefined> {
  const { rows } = await db.pool.query<DraftRow>(
    'select * from campaign_drafts where lower(name) = lower($1) order by name = $1 desc limit 1',
    [name],
  );
  return rows[0] && asDraft(rows[0]);
}

/** Drafts, the last written first. */
export async function listDrafts(db: Database): Promise<Draft[]> {
  const { rows } = await db.pool.query<DraftRow>('select * from campaign_drafts order by updated_at desc, name');
  return rows.map(asDraft);
}

interface DraftRow {
  id: string;
  name: string;
  plan: unknown;
  updated_at: Date;
}

const asDraft = ({ id, name, plan, updated_at: updatedAt }: DraftRow): Draft => ({
  id,
  name,
  plan,
  // jsonb keeps keys in an order of its own, so the same plan is the same text.
  version: hash('sha256', JSON.stringify(plan)).slice(0, VERSION_LENGTH),
  updatedAt,
});
