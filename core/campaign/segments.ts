import { z } from 'zod';
import type { Forecast } from '../insight/behaviour-model/model.ts';
import { targets, type Target } from '../insight/behaviour-model/targets.ts';
import { stages, stageOf, type Stage } from '../insight/stage.ts';
import { topicInterests, type CourseOf } from '../interest/profile.ts';
import type { LearnerState } from '../interest/state.ts';
import { languages, type Language } from '../language/reply.ts';
import { levels, type Learner, type Level } from '../learner/learner.ts';

/**
 * Who is addressed. Everything that one rule says must hold; `any` and `not` loosen and turn it.
 * `{ "everyone": true }` addresses all who agreed to messages.
 */
export interface AudienceRule {
  everyone?: true | undefined;
  /** Life-cycle stage: one of these. */
  stage?: Stage[] | undefined;
  /** Interest in one of these topics: at least this share of the learner's whole interest. */
  interest?: { topics: string[]; min: number } | undefined;
  /** What the behaviour model foretells: each probability within its limits. */
  likely?: Partial<Record<Target, Likelihood | undefined>> | undefined;
  language?: Language | undefined;
  level?: Level[] | undefined;
  all?: AudienceRule[] | undefined;
  any?: AudienceRule[] | undefined;
  not?: AudienceRule | undefined;
}

/** Limits of a probability, both included. */
export interface Likelihood {
  atLeast?: number | undefined;
  atMost?: number | undefined;
}

/** Smallest share of the interest in a topic that counts, where a rule does not say. */
const DEFAULT_SHARE = 0.05;

const likelihood = z
  .strictObject({ atLeast: z.number().min(0).max(1).optional(), atMost: z.number().min(0).max(1).optional() })
  .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, 'give atLeast, atMost, or both')
  .refine(({ atLeast = 0, atMost = 1 }) => atLeast <= atMost, 'atLeast must not be above atMost');

export const audienceRule: z.ZodType<AudienceRule> = z.lazy(() =>
  z
    .strictObject({
      everyone: z.literal(true).optional(),
      stage: z.array(z.enum(stages)).min(1).optional(),
      interest: z
        .strictObject({
          topics: z.array(z.string().trim().min(1)).min(1),
          min: z.number().min(0).max(1).default(DEFAULT_SHARE),
        })
        .optional(),
      likely: z
        .strictObject({
          return: likelihood.optional(),
          buy: likelihood.optional(),
          complete: likelihood.optional(),
          lapse: likelihood.optional(),
        } satisfies Record<Target, unknown>)
        .refine((likely) => targets.some((target) => likely[target] !== undefined), `say what: ${targets.join(', ')}`)
        .optional(),
      language: z.enum(languages).optional(),
      level: z.array(z.enum(levels)).min(1).optional(),
      all: z.array(audienceRule).min(1).optional(),
      any: z.array(audienceRule).min(1).optional(),
      not: audienceRule.optional(),
    })
    .refine(
      (rule) => Object.values(rule).some((value) => value !== undefined),
      'say who: {"everyone": true}, or stage, interest, likely, language, level, all, any, not',
    ),
);

/** What a rule looks at. */
export interface AudienceFacts {
  stage: Stage;
  /** Share of interest by topic, in lower case. */
  interest: ReadonlyMap<string, number>;
  /** Undefined where nothing is foretold of the learner. */
  forecast: Forecast | undefined;
  language: Language | null;
  level: Level | null;
}

export function audienceFacts(
  learner: Pick<Learner, 'language' | 'level'>,
  state: LearnerState,
  forecast: Forecast | undefined,
  now: Date,
  courseOf: CourseOf,
): AudienceFacts {
  return {
    stage: stageOf(state.activity, now),
    interest: new Map(topicInterests(state, now, courseOf).map(({ topic, share }) => [topic.toLowerCase(), share])),
    forecast,
    language: learner.language,
    level: learner.level,
  };
}

/** Whether a learner belongs to the audience. */
export function matches(rule: AudienceRule, facts: AudienceFacts): boolean {
  return (
    (!rule.stage || rule.stage.includes(facts.stage)) &&
    (!rule.interest || interested(rule.interest, facts.interest)) &&
    (!rule.likely || likely(rule.likely, facts.forecast)) &&
    (!rule.language || rule.language === facts.language) &&
    (!rule.level || (facts.level !== null && rule.level.includes(facts.level))) &&
    (!rule.all || rule.all.every((part) => matches(part, facts))) &&
    (!rule.any || rule.any.some((part) => matches(part, facts))) &&
    (!rule.not || !matches(rule.not, facts))
  );
}

function interested({ topics, min }: { topics: string[]; min: number }, shares: ReadonlyMap<string, number>): boolean {
  return topics.some((topic) => {
    const share = shares.get(topic.toLowerCase()) ?? 0;
    return share > 0 && share >= min;
  });
}

function likely(limits: NonNullable<AudienceRule['likely']>, forecast: Forecast | undefined): boolean {
  return targets.every((target) => {
    const limit = limits[target];
    if (!limit) return true;
    const probability = forecast?.[target];
    return probability !== undefined && probability >= (limit.atLeast ?? 0) && probability <= (limit.atMost ?? 1);
  });
}

/** What the behaviour model must be able to foretell for a rule to be asked. */
export function asksForecast(rule: AudienceRule): Target[] {
  const own = targets.filter((target) => rule.likely?.[target] !== undefined);
  return [...new Set([...own, ...partsOf(rule).flatMap(asksForecast)])];
}

/** Whether a rule looks at behaviour: then it can not be asked of people who turned personalisation off. */
export function looksAtBehaviour(rule: AudienceRule): boolean {
  return (
    rule.stage !== undefined ||
    rule.interest !== undefined ||
    rule.likely !== undefined ||
    partsOf(rule).some(looksAtBehaviour)
  );
}

function partsOf({ all = [], any = [], not }: AudienceRule): AudienceRule[] {
  return [...all, ...any, ...(not ? [not] : [])];
}
