import { z } from 'zod';
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
  language?: Language | undefined;
  level?: Level[] | undefined;
  all?: AudienceRule[] | undefined;
  any?: AudienceRule[] | undefined;
  not?: AudienceRule | undefined;
}

/** Smallest share of the interest in a topic that counts, where a rule does not say. */
const DEFAULT_SHARE = 0.05;

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
      language: z.enum(languages).optional(),
      level: z.array(z.enum(levels)).min(1).optional(),
      all: z.array(audienceRule).min(1).optional(),
      any: z.array(audienceRule).min(1).optional(),
      not: audienceRule.optional(),
    })
    .refine(
      (rule) => Object.values(rule).some((value) => value !== undefined),
      'say who: {"everyone": true}, or stage, interest, language, level, all, any, not',
    ),
);

/** What a rule looks at. */
export interface AudienceFacts {
  stage: Stage;
  /** Share of interest by topic, in lower case. */
  interest: ReadonlyMap<string, number>;
  language: Language | null;
  level: Level | null;
}

export function audienceFacts(
  learner: Pick<Learner, 'language' | 'level'>,
  state: LearnerState,
  now: Date,
  courseOf: CourseOf,
): AudienceFacts {
  return {
    stage: stageOf(state.activity, now),
    interest: new Map(topicInterests(state, now, courseOf).map(({ topic, share }) => [topic.toLowerCase(), share])),
    language: learner.language,
    level: learner.level,
  };
}

/** Whether a learner belongs to the audience. */
export function matches(rule: AudienceRule, facts: AudienceFacts): boolean {
  return (
    (!rule.stage || rule.stage.includes(facts.stage)) &&
    (!rule.interest || interested(rule.interest, facts.interest)) &&
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

/** Whether a rule looks at behaviour: then it can not be asked of people who turned personalisation off. */
export function looksAtBehaviour(rule: AudienceRule): boolean {
  return (
    rule.stage !== undefined ||
    rule.interest !== undefined ||
    [...(rule.all ?? []), ...(rule.any ?? []), ...(rule.not ? [rule.not] : [])].some(looksAtBehaviour)
  );
}
