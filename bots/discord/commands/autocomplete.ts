import type { APIApplicationCommandAutocompleteInteraction } from 'discord.js';
import type { Catalogue } from '../../../core/catalogue/catalogue.ts';
import { courseTitle } from '../../../core/catalogue/course.ts';
import type { Search } from '../../../core/catalogue/search.ts';
import { localised } from '../../../core/language/render.ts';
import type { Language } from '../../../core/language/reply.ts';
import { topicName } from '../../../core/language/topic-name.ts';
import { cut, limits } from '../render/limits.ts';
import { choiceOf } from './given.ts';

export interface Choice {
  name: string;
  value: string;
}

/** Courses or topics that what was typed so far may mean. */
export function suggestions(
  { data }: APIApplicationCommandAutocompleteInteraction,
  services: { catalogue: Catalogue; search(): Search },
  language: Language,
): Choice[] {
  const { catalogue } = services;
  const focused = data.options.flatMap((option) => ('options' in option ? (option.options ?? []) : [option]));
  const field = focused.find((option) => 'focused' in option && option.focused);
  if (!field || !('value' in field)) return [];
  const typed = String(field.value).trim();
  return field.name === 'topic' ? topics(typed) : courses(typed);

  function courses(words: string): Choice[] {
    const open = catalogue.all().filter((course) => !course.archived);
    const named = open.filter((course) => shown(courseTitle(course)).toLowerCase().includes(words.toLowerCase()));
    const hits =
      words === ''
        ? []
        : services.search().search(words, { limit: limits.options, accept: (course) => !course.archived });
    const found = new Map([...named, ...hits.map((hit) => hit.course)].map((course) => [course.id, course]));
    return [...found.values()]
      .slice(0, limits.options)
      .map((course) => ({ name: nameOf(shown(courseTitle(course))), value: choiceOf(course.id) }));
  }

  function topics(words: string): Choice[] {
    return catalogue
      .topics()
      .map((topic) => ({ name: shown(topicName(topic)), value: topic }))
      .filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(words.toLowerCase()))
      .filter(({ value }) => value.length <= limits.optionLabel)
      .slice(0, limits.options)
      .map(({ name, value }) => ({ name: nameOf(name), value }));
  }

  function shown(words: Parameters<typeof localised>[0]): string {
    return localised(words, language) ?? '';
  }
}

/** A choice must have a name. */
const nameOf = (words: string): string => cut(words.replaceAll(/\s+/g, ' ').trim() || '–', limits.optionLabel);
