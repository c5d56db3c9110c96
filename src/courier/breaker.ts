/** Leaves channels alone whose next station cannot be reached, so that nobody is busy with failing. */
export interface Breaker {
  /** The channels of which no message is to be taken but to try them out. */
  left(): string[];
  /** Those among them whose pause is over: one message each shows whether they are back. */
  toTry(nowMs: number): string[];
  /** One message of the channel is under way to try it out. Should nothing be heard of it until then, another may. */
  trying(channel: string, untilMs: number): void;
  /** Hears how an attempt went. Answers with how long the channel is left alone from now on, if it is. */
  note(channel: string, reached: boolean, nowMs: number): number | undefined;
}

interface State {
  /** Failures in a row. */
  failures: number;
  /** How often in a row the channel has been left alone; 0 while it is in use. */
  pauses: number;
  until: number;
  trying: boolean;
}

const patience = 5;
const firstPauseMs = 1_000;
// No longer than it takes an operator to wonder why nothing is sent although the mail server is back.
const longestPauseMs = 30_000;

/** Makes the breaker of a worker. */
export function createBreaker(): Breaker {
  const states = new Map<string, State>();
  const leftAlone = () => [...states].filter(([, { pauses }]) => pauses > 0);
  return {
    left: () => leftAlone().map(([channel]) => channel),
    toTry: (nowMs) => leftAlone().flatMap(([channel, { until }]) => (until <= nowMs ? [channel] : [])),
    trying(channel, untilMs) {
      const state = states.get(channel);
      if (state) Object.assign(state, { trying: true, until: untilMs });
    },
    note(channel, reached, nowMs) {
      if (reached) return void states.delete(channel);
      const state = states.get(channel) ?? { failures: 0, pauses: 0, until: 0, trying: false };
      states.set(channel, state);
      state.failures++;
      // Of those that were under way together, one decides.
      if (state.failures < patience || (state.pauses > 0 && !state.trying)) return undefined;
      const pauseMs = Math.min(firstPauseMs * 2 ** state.pauses, longestPauseMs);
      Object.assign(state, { pauses: state.pauses + 1, until: nowMs + pauseMs, trying: false });
      return pauseMs;
    },
  };
}
