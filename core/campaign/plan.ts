import { DateTime } from 'luxon';
import { z } from 'zod';
import { languages } from '../language/reply.ts';
import { readTarget } from './target.ts';
import { audienceRule } from './segments.ts';
import { postVariables, REQUIRED_VARIABLES, templateProblem } from './template.ts';

/** ISO 8601; without a zone it is UTC. */
const instant = z.string().transform((text, context) => {
  const time = DateTime.fromISO(text, { zone: 'utc' });
  if (time.isValid) return time.toJSDate();
  context.addIssue({ code: 'custom', message: 'an ISO 8601 time such as 2027-03-01T10:00:00+08:00' });
  return z.NEVER;
});

const template = z
  .string()
  .min(1)
  .max(2000)
  .superRefine((text, context) => {
    const problem = templateProblem(text, REQUIRED_VARIABLES);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

const postText = z
  .string()
  .min(1)
  .max(2000)
  .superRefine((text, context) => {
    const problem = templateProblem(text, [], postVariables);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

const schema = z.strictObject({
  /** Unique; also the salt of the holdout. */
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .regex(/^[^\p{Cc}]*$/u, 'one line of text'),
  audience: audienceRule,
  offer: z.strictObject({
    /** Off the price of one course. */
    percent: z.int().min(1).max(100),
    expires_at: instant,
    /** Most codes issued. */
    limit: z.int().min(1),
  }),
  /** Liquid, by language; a language that is missing falls back to the other. */
  text: z
    .strictObject({ zh: template.optional(), en: template.optional() })
    .refine(
      (text) => languages.some((language) => text[language] !== undefined),
      'give the text in zh, in en, or both',
    ),
  /** What is posted to communities, with a button by which everybody in the audience gets their own code. */
  post: z
    .strictObject({
      /** Liquid, by language: `percent` and `expires`. */
      text: z
        .strictObject({ zh: postText.optional(), en: postText.optional() })
        .refine(
          (text) => languages.some((language) => text[language] !== undefined),
          'give the text in zh, in en, or both',
        ),
      to: z
        .array(
          z
            .string()
            .refine(
              (to) => readTarget(to) !== undefined,
              'here, telegram:<chat>, telegram:<chat>/<topic>, discord:<server>/<channel> or discord:<channel>',
            ),
        )
        .min(1)
        .max(20),
    })
    .optional(),
  /** Share of the audience that gets nothing, to compare with. */
  holdout: z.number().min(0).max(0.5).default(0.1),
  /** When the messages go out; now when left out. */
  send_at: instant.optional(),
});

/** A campaign as a manager writes it. */
export type Plan = Omit<z.output<typeof schema>, 'send_at'> & { send_at: Date };

export type ParsedPlan = { ok: true; plan: Plan } | { ok: false; problems: string[] };

/** Reads a plan. Each problem names its key: `offer.percent: …`. */
export function parsePlan(value: unknown, now: Date): ParsedPlan {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap(problemsOf) };
  const plan: Plan = { ...parsed.data, send_at: parsed.data.send_at ?? now };
  const start = plan.send_at > now ? plan.send_at : now;
  if (plan.offer.expires_at <= start)
    return { ok: false, problems: ['offer.expires_at: must lie after send_at, and in the future'] };
  return { ok: true, plan };
}

/** A plan as it is stored; `storedPlan(planJson(plan))` is the plan again. */
export function planJson(plan: Plan) {
  return {
    ...plan,
    offer: { ...plan.offer, expires_at: plan.offer.expires_at.toISOString() },
    send_at: plan.send_at.toISOString(),
  };
}

/** @throws when the stored plan is none, which only another release can have written. */
export function storedPlan(value: unknown): Plan {
  const plan = schema.parse(value);
  if (!plan.send_at) throw new Error('A stored plan has no send_at');
  return { ...plan, send_at: plan.send_at };
}

/** One full plan, as `campaign --example` prints it; its times lie ahead of `now`. */
export function examplePlan(now: Date) {
  const at = (days: number) =>
    DateTime.fromJSDate(now, { zone: 'utc' }).plus({ days }).startOf('hour').toISO({ suppressMilliseconds: true });
  return {
    name: 'Back to data',
    audience: {
      any: [
        { stage: ['new', 'active', 'paying'], interest: { topics: ['Data', 'Python'], min: 0.1 } },
        { stage: ['at-risk', 'lapsed'], not: { language: 'en' } },
      ],
    },
    offer: { percent: 20, expires_at: at(8), limit: 500 },
    text: {
      zh: '送你一张立减 {{ percent }}% 的优惠券：{{ code }}，{{ expires }} 前有效。可以用在《{{ course }}》上。',
      en: 'Here is {{ percent }}% off for you: {{ code }}, valid until {{ expires }}. It fits “{{ course }}”.',
    },
    holdout: 0.1,
    send_at: at(1),
  };
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[...issue.path, key].join('.')}: unknown key`);
  return [`${path || 'plan'}: ${issue.message}`];
}
