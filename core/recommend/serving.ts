import type { Database } from '../../prisma/connect.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { errorText } from '../numerics/error-text.ts';
import { factsOf } from './facts.ts';
import type { ChoiceSettings } from './choice.ts';
import { createRecommender, type Recommender } from './recommender.ts';
import { factsHash, fitContent, openArtefact, type OpenedArtefact } from './artefact.ts';
import type { ContentModel } from './models/content.ts';
import { championKey, loadChampion } from './registry/store.ts';
import { fitContentAside } from './worker.ts';

/** The recommender of this process, kept up to date with the champion and the catalogue. */
export interface Serving {
  /** Always there: before anything is trained it goes by content, topics and the catalogue. */
  current(): Recommender;
  /**
   * Looks whether the champion or the catalogue has changed, builds the recommender anew if so, and
   * swaps it in; requests that hold the old one finish with it. Cheap when nothing changed.
   *
   * @returns whether it changed.
   */
  reload(): Promise<boolean>;
  close(): Promise<void>;
}

/** Between two looks for a new champion or catalogue, which another process may have made. */
const LOOK_EVERY_MS = 5_000;

/** @param log takes what could not be loaded; the recommender that was there goes on. */
export async function createServing(
  db: Database,
  catalogue: Catalogue,
  settings: ChoiceSettings,
  log: (line: string) => void = () => {},
): Promise<Serving> {
  const closing = new AbortController();
  let opened: { key: string; artefact: OpenedArtefact } | undefined;
  let content: { facts: string; model: ContentModel } | undefined;
  let built: { champion: string | undefined; catalogue: number } | undefined;
  let recommender: Recommender | undefined;
  let running: Promise<unknown> = Promise.resolve();

  await reload();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();

  return {
    current: () => recommender!,
    reload,
    async close() {
      clearInterval(timer);
      closing.abort(new Error('The server closes'));
      await running.catch(() => {});
    },
  };

  async function look() {
    try {
      await catalogue.refresh();
      await reload();
    } catch (error) {
      if (!closing.signal.aborted) log(`recommender: ${errorText(error)}`);
    }
  }

  /** One look at a time: each begins after the ones asked for before it have ended. */
  function reload(): Promise<boolean> {
    const looked = running.then(build, build);
    running = looked;
    return looked;
  }

  async function build(): Promise<boolean> {
    const key = await championKey(db);
    const version = catalogue.version;
    if (key === built?.champion && version === built?.catalogue) return false;
    const courses = catalogue.all();
    const facts = courses.map(factsOf);
    const factsOfId = (id: string) => {
      const course = catalogue.get(id);
      return course && factsOf(course);
    };
    const next = key === undefined ? undefined : await openChampion(key, factsOfId);
    const hash = factsHash(facts);
    if (next?.artefact.facts === hash) content = { facts: hash, model: next.artefact.content };
    else if (!content) content = { facts: hash, model: fitContent(facts) };
    else if (content.facts !== hash) content = { facts: hash, model: await fitContentAside(facts, closing.signal) };
    recommender = createRecommender({
      courses,
      search: () => catalogue.search(),
      content: content.model,
      trained: next?.artefact.trained,
      ...settings,
    });
    opened = next;
    built = { champion: key, catalogue: version };
    return true;
  }

  /** The champion that is open already, the stored one, or, where that can not be read, what was there before. */
  async function openChampion(key: string, factsOfId: Parameters<typeof openArtefact>[2]): Promise<typeof opened> {
    if (opened?.key === key) return opened;
    try {
      // It may have changed since the look: then this is the newer one already, and the next look says so again.
      const stored = await loadChampion(db);
      return stored && { key: stored.key, artefact: openArtefact(stored.id, stored.artefact, factsOfId) };
    } catch (error) {
      log(`recommender: the champion (${key}) can not be read: ${errorText(error)}`);
      return opened;
    }
  }
}
