import { z } from 'zod';
import { isKeepable, LONGEST_EXTERNAL_ID } from '../../core/learner/external-id.ts';
import { ApiError } from './api-error.ts';

/** Characters of one message. */
export const LONGEST_TEXT = 2_000;

/** A learner by the id that the asking server has for them. */
export const externalId = z
  .string()
  .min(1, 'must not be empty')
  .max(LONGEST_EXTERNAL_ID, `at most ${LONGEST_EXTERNAL_ID} characters`)
  .refine(isKeepable, 'holds a NUL character or half of a character');

/** What `POST /api/chat` takes: exactly one of `text` and `press`. */
export const chatBody = z
  .strictObject({
    text: z
      .string()
      .max(LONGEST_TEXT, `at most ${LONGEST_TEXT} characters`)
      .refine((text) => text.trim() !== '', 'must not be empty')
      .optional(),
    press: z.string().min(1, 'must not be empty').max(1_000, 'this is no button of ours').optional(),
    learner: externalId.optional(),
    /** Zone that the person is in, as browsers name it; one that is not known here is passed over. */
    time_zone: z.string().max(64, 'at most 64 characters').optional(),
    /** Made by the client, for a turn that may be sent twice: the second one gets the first one's answer. */
    turn: z
      .string()
      .regex(/^[\w-]{8,64}$/, '8 to 64 letters, digits, - or _')
      .optional(),
  })
  .refine(({ text, press }) => (text === undefined) !== (press === undefined), {
    path: ['text'],
    message: 'give either text or press, one of them',
  });

const inboxId = z.string().regex(/^\d{1,18}$/, 'the id of an inbox message');

export const seenBody = z.strictObject({ ids: z.array(inboxId).max(1_000), learner: externalId.optional() });

export const learnerQuery = z.strictObject({ learner: externalId.optional() });

export const inboxQuery = learnerQuery.extend({ after: inboxId.optional() });

/** @throws ApiError 400 that names the field and what is wrong with it. */
export function parse<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ApiError(400, 'body.invalid', explain(issue!));
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: not a field of this request`;
  if (issue.path.length === 0) return 'Send a JSON object';
  return `${issue.path.join('.')}: ${issue.message}`;
}
