import type { Database } from '../../prisma/connect.ts';
import type { Course } from './course.ts';
import { createSearch, createSearchAside, type Search } from './search.ts';
import { catalogueVersion, loadCourses } from './store.ts';

/** The catalogue in memory, as it stood at the last refresh. */
export interface Catalogue {
  get(id: string): Course | undefined;
  /** Archived courses included; the same array until something changes. */
  all(): readonly Course[];
  /** Topics of courses that are not archived, the most frequent first. */
  topics(): readonly string[];
  /** Search over what `all` gives; where it is not kept ready, the first call after a change builds its index. */
  search(): Search;
  /** Grows with every change that was loaded: whoever keeps an index over courses compares it. */
  readonly version: number;
  /**
   * Loads the catalogue anew if any process has changed it, and says whether it did. One query for
   * one row when nothing changed: the server calls it every few seconds.
   */
  refresh(): Promise<boolean>;
}

export interface CatalogueOptions {
  /**
   * Keeps the index of `search` ready: it is built, without holding anyone up, before the catalogue is
   * there, and before each change is shown. For processes that answer people.
   */
  searchReady?: boolean;
  /** Ends the building of an index; the `refresh` that wanted it fails. */
  signal?: AbortSignal;
}

export async function createCatalogue(
  db: Database,
  { searchReady = false, signal }: CatalogueOptions = {},
): Promise<Catalogue> {
  let byId = new Map<string, Course>();
  let courses: readonly Course[] = [];
  let topics: readonly string[] = [];
  let version = -1;
  let search: Search | undefined;
  let running: Promise<boolean> | undefined;

  await refresh();
  return {
    get: (id) => byId.get(id),
    all: () => courses,
    topics: () => topics,
    search: () => (search ??= createSearch(courses)),
    get version() {
      return version;
    },
    refresh,
  };

  function refresh(): Promise<boolean> {
    return (running ??= load().finally(() => (running = undefined)));
  }

  async function load(): Promise<boolean> {
    // The number first: a change between the two reads is then seen by the next refresh.
    const newest = await catalogueVersion(db);
    if (newest === version) return false;
    const loaded = await loadCourses(db);
    const index = searchReady ? await createSearchAside(loaded, signal) : undefined;
    // All at once: until here everybody is answered by what was there before.
    courses = loaded;
    byId = new Map(courses.map((course) => [course.id, course]));
    topics = byFrequency(courses);
    search = index;
    version = newest;
    return true;
  }
}

function byFrequency(courses: readonly Course[]): string[] {
  const counts = new Map<string, number>();
  for (const course of courses) {
    if (course.archived) continue;
    for (const topic of course.topics) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([topic]) => topic);
}
