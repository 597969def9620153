import {
  addToBehaviour,
  emptyBehaviour,
  packBehaviour,
  unpackBehaviour,
  type Behaviour,
  type FoldedEvent,
  type PackedBehaviour,
} from '../behaviour/history.ts';

/**
 * What is known of a learner for recommending, matching and insight: the fold of their events
 * (`history` by course id, `activity`, `searches`, `assessments`) and what they said of themselves.
 */
export interface LearnerState extends Behaviour {
  /** Topics they chose; read beside the state, not part of the fold. */
  declaredTopics: readonly string[];
}

export function emptyState(declaredTopics: readonly string[] = []): LearnerState {
  return { ...emptyBehaviour(), declaredTopics };
}

/**
 * Adds one event to a state, in place, and returns it. Any order of the same events gives the
 * same state; each event must be folded once. Events that cleaning set aside change nothing.
 */
export function foldEvent(state: LearnerState, event: FoldedEvent & { setAside?: string | null }): LearnerState {
  if (!event.setAside) addToBehaviour(state, event);
  return state;
}

/** Raise when the same events fold to something else than before: stored states are then rebuilt. */
export const FOLD_VERSION = 2;

/** A state as it is stored, with the count and the sum of the ids of the events in it. */
export interface PackedState {
  version: number;
  events: number;
  /** Decimal: a sum of 64-bit ids. */
  idSum: string;
  behaviour: PackedBehaviour;
}

export function packState(state: LearnerState, events: number, idSum: bigint): PackedState {
  return { version: FOLD_VERSION, events, idSum: String(idSum), behaviour: packBehaviour(state) };
}

/** @returns undefined for what another version of the fold has stored. */
export function unpackState(packed: PackedState, declaredTopics: readonly string[]): LearnerState | undefined {
  if (packed.version !== FOLD_VERSION) return undefined;
  return { ...unpackBehaviour(packed.behaviour), declaredTopics };
}
