import { Routes, type DiscordApi } from '../api.ts';
import { definitions } from './definitions.ts';

export interface Place {
  application: string;
  /** The one server that shall have them; everywhere when left out. */
  guild?: string | undefined;
}

/**
 * Registers the slash commands where they differ from what Discord has: each time that they are put
 * there counts against a daily limit, and people see them afresh.
 *
 * @returns whether they were put there.
 */
export async function registerCommands(api: DiscordApi, place: Place): Promise<boolean> {
  if (await areRegistered(api, place)) return false;
  await api.put('register the commands', routeOf(place), { body: definitions() });
  return true;
}

/** Whether Discord has our commands as they are now. */
export async function areRegistered(api: DiscordApi, place: Place): Promise<boolean> {
  const there = await api.get<{ name: string }[]>('look at the commands', routeOf(place), {
    query: { with_localizations: 'true' },
  });
  const wanted = definitions();
  const byName = new Map(there.map((command) => [command.name, command]));
  return there.length === wanted.length && wanted.every((command) => holds(byName.get(command.name), command));
}

const routeOf = ({ application, guild }: Place) =>
  guild === undefined ? Routes.applicationCommands(application) : Routes.applicationGuildCommands(application, guild);

/** Whether `there` says all that `wanted` does; what Discord fills in by itself does not matter. */
function holds(there: unknown, wanted: unknown): boolean {
  if (wanted === null || wanted === undefined || wanted === false) return (there ?? false) === false;
  if (Array.isArray(wanted))
    return Array.isArray(there) && there.length === wanted.length && wanted.every((each, at) => holds(there[at], each));
  if (typeof wanted === 'object') {
    if (typeof there !== 'object' || there === null) return false;
    const known = there as Record<string, unknown>;
    const options = known['options'];
    const extra = !('options' in wanted) && Array.isArray(options) && options.length > 0;
    return !extra && Object.entries(wanted).every(([name, value]) => holds(known[name], value));
  }
  return there === wanted;
}
