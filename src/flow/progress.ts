import type { Flow, Form, Memory } from "./flow.ts";
import type { FlowKind, FlowState } from "./kinds.ts";

/** How far a flow has come by a step. What is left out stays as it is. */
export interface Progress<K extends FlowKind = FlowKind> {
  readonly form?: Form;
  readonly state?: FlowState<K>;
  /** The method that was last at work. */
  readonly active?: string | null;
  /** What is remembered from now on, by owner: made by the slots of `defineMemory`. */
  readonly memory?: Memory;
  /** How many challenges the database has counted by now, where one was spent. */
  readonly challengesSpent?: number;
}

/** The flow as it is after a step. Nothing else makes a flow of another one, but what stores it. */
export function advance<F extends Flow>(flow: F, progress: Progress<F["kind"]>): F {
  const {
    form: ui = flow.ui,
    state = flow.state,
    active = flow.active,
    challengesSpent = flow.challengesSpent,
  } = progress;
  const memory = progress.memory ? { ...flow.memory, ...progress.memory } : flow.memory;
  return { ...flow, ui, state, active, challengesSpent, memory };
}

/** Two steps in one: where both say something, the later one counts. */
export const andThen = <A extends Progress, B extends Progress>(first: A, then: B) => ({
  ...first,
  ...then,
  ...((first.memory || then.memory) && { memory: { ...first.memory, ...then.memory } }),
});
