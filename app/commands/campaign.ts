import type { Command } from 'commander';

export function registerCampaign(program: Command): void {
  const campaign = program
    .command('campaign')
    .description('Coupon campaigns: one code for each learner of an audience, with a group held out')
    .option('--example', 'print one full plan to start from')
    .action(async ({ example }: { example?: boolean }) => {
      const { UserError } = await import('../explain.ts');
      if (!example) throw new UserError(campaign.helpInformation());
      const { examplePlan } = await import('../../core/campaign/plan.ts');
      console.log(JSON.stringify(examplePlan(new Date()), null, 2));
    });

  campaign
    .command('start')
    .argument('<file>', 'the plan, as JSON; `coursebell campaign --example` prints one')
    .option('--dry-run', 'count whom it would reach, and start nothing')
    .option('--json', 'print JSON')
    .description('Start a campaign: a running server sends it, at once or at its send_at')
    .action(start);

  campaign
    .command('save')
    .argument('<file>', 'the plan, as JSON')
    .description('Keep a plan as a draft, so that a manager can look at it and start it from a chat')
    .action(save);

  campaign
    .command('drafts')
    .option('--json', 'print JSON')
    .description('Plans that are kept and not started')
    .action(drafts);

  campaign
    .command('status')
    .argument('[name]', 'one campaign; all when left out')
    .option('--json', 'print JSON, money in minor units')
    .description('Planned, held out, sent, pressed, redeemed, bought and revenue by arm')
    .action(status);

  campaign
    .command('list')
    .option('--json', 'print JSON')
    .description('Every campaign and where it stands')
    .action(list);

  campaign
    .command('stop')
    .argument('<name>')
    .description('Stop a campaign: nothing more is sent; codes that people have stay good')
    .action(stop);
}

async function start(file: string, { dryRun, json }: { dryRun?: boolean; json?: boolean }): Promise<void> {
  const { UserError } = await import('../explain.ts');
  const { withDatabase } = await import('../database.ts');
  const now = new Date();
  const { plan } = await readPlan(file, now);
  await withDatabase(async (db, settings) => {
    const { campaignPost, placesOf } = await import('../../core/campaign/post.ts');
    const { communities } = await import('../../core/campaign/community/store.ts');
    const resolved = placesOf(plan, await communities(db.pool), undefined);
    if (!resolved.ok) throw unusable(UserError, file, resolved.problems);
    const { createCatalogue } = await import('../../core/catalogue/catalogue.ts');
    const { dryRun: count } = await import('../../core/campaign/planning.ts');
    const { terminalProgress } = await import('../progress.ts');
    const counts = await count({ db, catalogue: await createCatalogue(db) }, plan, now, terminalProgress());
    if (dryRun) {
      console.log(json ? JSON.stringify(counts, null, 2) : (await tables()).dryRunText(counts, plan));
      return;
    }
    const { createCampaign } = await import('../../core/campaign/store.ts');
    const { defaultTimeZone } = settings.push;
    const created = await createCampaign(db, plan, now, {
      posts: (made) => resolved.places.map((place) => campaignPost(made, place, defaultTimeZone)),
    });
    if (!created.ok) {
      throw new UserError(`There is a campaign "${plan.name}" already: choose another name (coursebell campaign list)`);
    }
    const served = await (await import('../running.ts')).isRunning(settings);
    if (json) {
      console.log(JSON.stringify({ name: plan.name, sendAt: plan.send_at, counts, server: served }, null, 2));
      return;
    }
    console.log((await tables()).dryRunText(counts, plan));
    const when = plan.send_at > now ? `at ${plan.send_at.toISOString()}` : 'within seconds';
    console.log(
      served
        ? `Started "${plan.name}": the running server sends it ${when}.`
        : `Stored "${plan.name}". No server is running here: it waits for \`npm start\`.`,
    );
    console.log(`How it goes: coursebell campaign status "${plan.name}"`);
  });
}

async function save(file: string): Promise<void> {
  const { withDatabase } = await import('../database.ts');
  const { saveDraft } = await import('../../core/campaign/draft/store.ts');
  const now = new Date();
  const { plan, written } = await readPlan(file, now);
  await withDatabase((db) => saveDraft(db, plan.name, written, now));
  console.log(`Kept "${plan.name}". A manager looks at it and starts it with /campaign ${plan.name}`);
}

async function drafts({ json }: { json?: boolean }): Promise<void> {
  const { withDatabase } = await import('../database.ts');
  const { listDrafts } = await import('../../core/campaign/draft/store.ts');
  const all = await withDatabase((db) => listDrafts(db));
  if (json) console.log(JSON.stringify(all, null, 2));
  else console.log((await tables()).draftsText(all));
}

async function status(name: string | undefined, { json }: { json?: boolean }): Promise<void> {
  const { UserError } = await import('../explain.ts');
  const { withDatabase } = await import('../database.ts');
  const { campaignResults } = await import('../../core/campaign/result/store.ts');
  const results = await withDatabase((db, { currency }) =>
    campaignResults(db, { currency, ...(name !== undefined && { name }) }),
  );
  if (name !== undefined && results.length === 0) throw unknownCampaign(UserError, name);
  if (json) console.log(JSON.stringify(name === undefined ? results : results[0], null, 2));
  else console.log((await tables()).statusText(results));
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { withDatabase } = await import('../database.ts');
  const { listCampaigns } = await import('../../core/campaign/store.ts');
  const campaigns = await withDatabase((db) => listCampaigns(db));
  const rows = campaigns.map((each) => ({ name: each.name, status: each.status, sendAt: each.sendAt }));
  if (json) console.log(JSON.stringify(rows, null, 2));
  else console.log((await tables()).listText(rows));
}

async function stop(name: string): Promise<void> {
  const { UserError } = await import('../explain.ts');
  const { withDatabase } = await import('../database.ts');
  const { listCampaigns, stopCampaign } = await import('../../core/campaign/store.ts');
  await withDatabase(async (db) => {
    const unsent = await stopCampaign(db, name, new Date());
    if (unsent !== undefined) {
      console.log(`Stopped "${name}": ${unsent} messages that were planned are not sent.`);
      return;
    }
    const known = (await listCampaigns(db)).find((each) => each.name === name);
    if (!known) throw unknownCampaign(UserError, name);
    console.log(`"${name}" is ${known.status} already.`);
  });
}

/** The plan in a file, and the same as it is written there. @throws UserError that names what is wrong in it. */
async function readPlan(file: string, now: Date) {
  const { UserError } = await import('../explain.ts');
  const { parsePlan } = await import('../../core/campaign/plan.ts');
  const written = await readJson(file);
  const parsed = parsePlan(written, now);
  if (!parsed.ok) throw unusable(UserError, file, parsed.problems);
  return { plan: parsed.plan, written };
}

function unusable(UserError: new (message: string) => Error, file: string, problems: readonly string[]): Error {
  const lines = problems.map((problem) => `  ${problem}`).join('\n');
  return new UserError(`${file} can not be used as a plan:\n${lines}\nA full plan: coursebell campaign --example`);
}

async function readJson(file: string): Promise<unknown> {
  const { UserError } = await import('../explain.ts');
  const fs = await import('node:fs/promises');
  let text: string;
  try {
    text = await fs.readFile(file, 'utf8');
  } catch (cause) {
    throw new UserError(`${file} can not be read: ${(cause as Error).message}`, { cause });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (cause) {
    throw new UserError(`${file} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

function unknownCampaign(UserError: new (message: string) => Error, name: string): Error {
  return new UserError(`There is no campaign "${name}": coursebell campaign list shows them all`);
}

const tables = () => import('../campaign-table.ts');
