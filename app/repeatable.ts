import { Option } from 'commander';

/** An option that may be given several times: all of its values, none by default. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description} (repeatable)`)
    .argParser((value: string, before: readonly string[]) => [...before, value])
    .default([], 'none');
}
