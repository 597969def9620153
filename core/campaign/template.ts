import { Liquid } from 'liquidjs';

/** What a campaign's text may say, and what each stands for. */
export const campaignVariables = {
  code: "the learner's own code",
  percent: 'the percentage off, a number',
  expires: "when the code expires, on the learner's clock",
  course: 'title of the course recommended to this learner',
  reason: 'why that course, as a sentence',
} as const;

/** What the words of a post may say, which everybody reads. */
export const postVariables = {
  percent: 'the percentage off, a number',
  expires: 'when the codes expire, with the date and the hour',
} as const;

export type CampaignVariable = keyof typeof campaignVariables;

/** A message that does not say its code is a mistake. */
export const REQUIRED_VARIABLES: readonly CampaignVariable[] = ['code'];

const liquid = new Liquid({ strictVariables: true, strictFilters: true, jsTruthy: true });

/** Variables that a template reads. @throws for what is no Liquid. */
export function variablesOf(template: string): Set<string> {
  return new Set(liquid.globalVariablesSync(template));
}

/** Why a template can not be used, or undefined. */
export function templateProblem(
  template: string,
  required: readonly string[],
  variables: Readonly<Record<string, string>> = campaignVariables,
): string | undefined {
  let used: Set<string>;
  try {
    used = variablesOf(template);
    liquid.parseAndRenderSync(template, Object.fromEntries(Object.keys(variables).map((name) => [name, '1'])));
  } catch (error) {
    const unknown = /undefined variable: ([\w.]+)/.exec((error as Error).message)?.[1];
    return unknown ? unknownVariable(unknown, variables) : `not a Liquid template: ${(error as Error).message}`;
  }
  const unknown = [...used].find((name) => !Object.hasOwn(variables, name));
  if (unknown !== undefined) return unknownVariable(unknown, variables);
  const missing = required.find((name) => !used.has(name));
  return missing && `must contain {{ ${missing} }}`;
}

function unknownVariable(name: string, variables: Readonly<Record<string, string>>): string {
  return `unknown variable "${name}"; there are ${Object.keys(variables).join(', ')}`;
}
