import { eventTypes, type EventTypeName } from '../behaviour/event-types.ts';
import { decay, evidenceOf } from '../behaviour/track.ts';
import type { Course } from '../catalogue/course.ts';
import type { LearnerState } from './state.ts';

/** What a topic that the learner chose counts: as much as enrolling in a course about it now. Saying so does not fade. */
export const DECLARED_WEIGHT = 3;

/** Entries of evidence kept for a topic, those that weigh the most. */
const KEPT_EVIDENCE = 5;

/** Why a topic stands in the profile. `weight` is decayed; below 0 it speaks against the topic. */
export type TopicEvidence =
  | { type: Exclude<EventTypeName, 'assess'>; courseId: string; at: Date; weight: number }
  /** A placement test in the topic; `share` answered right. */
  | { type: 'assess'; courseId: null; at: Date; weight: number; share: number }
  /** "You told us". */
  | { type: 'declared'; courseId: null; at: null; weight: number };

export interface TopicInterest {
  topic: string;
  /** Sum of all evidence, not only of that listed; below 0 for what the learner turns away from. */
  strength: number;
  /** Part of all positive strengths, in [0, 1]; 0 for a negative one. The shares add up to 1. */
  share: number;
  /** Strongest first. */
  evidence: TopicEvidence[];
}

export type CourseOf = (id: string) => Course | undefined;

/**
 * Interest by topic. For topic t with n(c) the number of topics of course c:
 *
 *   strength(t) = Σ over courses c about t, event types e done with c:  w(e, c, now) / n(c)
 *               + w(assess, now) if the learner took the placement test in t
 *               + DECLARED_WEIGHT if the learner chose t
 *
 * where w is the weight of behaviour/event-types.ts, faded by the type's half-life (`evidenceOf`):
 * an additive profile with exponential forgetting, as in Koychev & Schwab, "Adaptation to drifting
 * user's interests" (ECML workshop, 2000). A dismissal, a refund or a rating below the middle lowers it.
 * Topics that differ in case only are one, spelt as a course has it where there is one.
 */
export function topicInterests(state: LearnerState, now: Date, courseOf: CourseOf): TopicInterest[] {
  const found = new Map<string, TopicInterest>();
  const add = (topic: string, evidence: TopicEvidence) => {
    const key = topic.toLowerCase();
    let interest = found.get(key);
    if (!interest) found.set(key, (interest = { topic, strength: 0, share: 0, evidence: [] }));
    interest.strength += evidence.weight;
    interest.evidence.push(evidence);
  };
  // In the order of ids, so that the sums do not depend on which event came first.
  const tracks = [...state.history.values()].sort((a, b) => (a.courseId < b.courseId ? -1 : 1));
  for (const track of tracks) {
    const topics = distinct(courseOf(track.courseId)?.topics ?? []);
    for (const { type, at, weight } of evidenceOf(track, now.getTime()))
      for (const topic of topics)
        if (type !== 'assess')
          add(topic, { type, courseId: track.courseId, at: new Date(at), weight: weight / topics.length });
  }
  const { weight, halfLifeDays } = eventTypes.assess;
  for (const { topic, at, share } of state.assessments) {
    const faded = weight * decay(now.getTime() - at, halfLifeDays);
    add(topic, { type: 'assess', courseId: null, at: new Date(at), weight: faded, share });
  }
  for (const topic of distinct(state.declaredTopics))
    add(topic, { type: 'declared', courseId: null, at: null, weight: DECLARED_WEIGHT });

  const interests = [...found.values()];
  const total = interests.reduce((sum, { strength }) => sum + Math.max(0, strength), 0);
  for (const interest of interests) {
    if (interest.strength > 0) interest.share = interest.strength / total;
    interest.evidence.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
    interest.evidence.length = Math.min(interest.evidence.length, KEPT_EVIDENCE);
  }
  return interests.sort((a, b) => b.strength - a.strength || (a.topic < b.topic ? -1 : 1));
}

/** Topics without those that differ from an earlier one in case only. */
function distinct(topics: readonly string[]): string[] {
  return [...new Map(topics.toReversed().map((topic) => [topic.toLowerCase(), topic])).values()];
}
