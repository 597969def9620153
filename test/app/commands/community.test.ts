import { Command } from 'commander';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registerCampaign } from '../../../app/commands/campaign.ts';
import { registerCommunity } from '../../../app/commands/community.ts';
import { registerQuestions } from '../../../app/commands/questions.ts';
import { meetCommunity } from '../../../core/campaign/community/store.ts';
import { askQuestion } from '../../../core/campaign/question/store.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-community-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  const { host, port, user, password, database } = db.config as Record<string, string>;
  const socket = encodeURIComponent(host!);
  vi.stubEnv('DATABASE_URL', `postgresql://${user}:${password}@localhost:${port}/${database}?host=${socket}`);
  // Nothing listens there.
  vi.stubEnv('COURSEBELL_PORT', '9');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** What a command prints. */
async function coursebell(...words: string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const program = new Command('coursebell').exitOverride();
  for (const register of [registerCampaign, registerCommunity, registerQuestions]) register(program);
  await program.parseAsync(words, { from: 'user' });
  return printed.join('\n');
}

const community = (chat = '-100') => meetCommunity(db, { channel: 'telegram', chat, title: 'Study\ncircle' });

test('the operator lists communities, trusts one, and takes it back', async () => {
  expect(await coursebell('community', 'list')).toContain('in no community yet');
  const { id } = await community();
  const listed = await coursebell('community', 'list');
  expect(listed).toContain(id);
  expect(listed).toContain('Study circle');
  expect(await coursebell('community', 'trust', id)).toContain('"Study circle" is trusted');
  expect(JSON.parse(await coursebell('community', 'list', '--json'))).toMatchObject([{ id, trusted: true }]);
  expect(await coursebell('community', 'untrust', id)).toContain('trusted no more');
  await expect(coursebell('community', 'trust', 'nothing')).rejects.toThrow('coursebell community list');
});

test('questions are listed and answered once', async () => {
  expect(await coursebell('questions', 'list')).toContain('No question waits');
  const { id } = await db.prisma.learner.create({ data: {} });
  const number = await askQuestion(db, { learnerId: id, words: 'When is it?', now: new Date() });
  expect(await coursebell('questions', 'list')).toContain('When is it?');
  expect(JSON.parse(await coursebell('questions', 'list', '--json'))).toMatchObject([{ number, words: 'When is it?' }]);
  expect(await coursebell('questions', 'answer', String(number), 'On', 'Monday')).toContain('goes out');
  expect(await db.prisma.outboxMessage.findMany()).toMatchObject([
    { learnerId: id, kind: 'service', reply: { text: { args: { words: 'On Monday' } } } },
  ]);
  await expect(coursebell('questions', 'answer', String(number), 'again')).rejects.toThrow('answered already');
  await expect(coursebell('questions', 'answer', '999', 'x')).rejects.toThrow('There is no question 999');
  await expect(coursebell('questions', 'answer', 'x1', 'x')).rejects.toThrow('no number');
  expect(await db.prisma.outboxMessage.count()).toBe(1);
});

test('a plan is kept as a draft, and posts where the plan says', async () => {
  const plan = {
    ...(JSON.parse(await coursebell('campaign', '--example')) as object),
    name: 'posting',
    post: { text: { en: '{{ percent }}% off' }, to: ['here'] },
  };
  const file = path.join(folder, 'plan.json');
  fs.writeFileSync(file, JSON.stringify(plan));
  expect(await coursebell('campaign', 'drafts')).toContain('There is no draft');
  expect(await coursebell('campaign', 'save', file)).toContain('/campaign posting');
  expect(await coursebell('campaign', 'drafts')).toContain('posting');
  expect(JSON.parse(await coursebell('campaign', 'drafts', '--json'))).toMatchObject([{ name: 'posting', plan }]);
  await expect(coursebell('campaign', 'start', file)).rejects.toThrow('post.to.0: "here" is the group');
  const { id } = await community('-200');
  fs.writeFileSync(file, JSON.stringify({ ...plan, post: { ...plan.post, to: ['telegram:-200/5'] } }));
  await expect(coursebell('campaign', 'start', file)).rejects.toThrow(`coursebell community trust ${id}`);
  expect(await db.prisma.campaign.count()).toBe(0);
  await coursebell('community', 'trust', id);
  await coursebell('campaign', 'start', file);
  expect(await db.prisma.outboxMessage.findMany({ where: { kind: 'post' } })).toMatchObject([
    { communityId: id, thread: '5', status: 'pending' },
  ]);
  expect(await coursebell('campaign', 'status', 'posting')).toContain('Posts to communities: 1 pending');
});
