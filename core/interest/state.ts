import {
  addToHistory,
  emptyHistory,
  packHistory,
  unpackHistory,
  type BehaviourHistory,
  type FoldedEvent,
  type PackedHistory,
} from '../behaviour/history.ts';

/** All that is known of a learner for recommending, matching and insight: the fold of their events, and what they said of themselves. */
export interface LearnerState {
  /** What they did: `history.tracks` by course id, `history.activity` for counts. */
  history: BehaviourHistory;
  /** Topics they chose themselves; read with the state, not part of the fold. */
  declaredTopics: readonly string[];
}

export function emptyState(declaredTopics: readonly string[] = []): LearnerState {
  return { history: emptyHistory(), declaredTopics };
}

/**
 * Adds one event to a state, in place, and returns it. Any order of the same events gives the
 * same state; each event must be folded once. Events that cleaning set aside are not folded.
 */
export function foldEvent(state: LearnerState, event: FoldedEvent & { setAside?: string | null }): LearnerState {
  if (!event.setAside) addToHistory(state.history, event);
  return state;
}

/** Raise when the same events fold to something else than before: stored states are then rebuilt. */
const FOLD_VERSION = 1;

/** A state as it is stored, with the count and sum of the ids of the events in it. */
export interface PackedState {
  version: number;
  events: number;
  /** Decimal: a sum of 64-bit ids. */
  idSum: string;
  history: PackedHistory;
}

export function packState({ history }: LearnerState, events: number, idSum: bigint): PackedState {
  return { version: FOLD_VERSION, events, idSum: String(idSum), history: packHistory(history) };
}

/** @returns undefined for what another version of the fold has stored. */
export function unpackState(packed: PackedState, declaredTopics: readonly string[]): LearnerState | undefined {
  if (packed.version !== FOLD_VERSION) return undefined;
  return { history: unpackHistory(packed.history), declaredTopics };
}
