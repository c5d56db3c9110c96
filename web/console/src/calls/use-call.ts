import { useCallback, useEffect, useState } from "preact/hooks";
import { call } from "./call.ts";
import type { Answered } from "./call.ts";
import type { CallError } from "./call-error.ts";
import type { AnswerOf, CallName, RequestOf } from "./http.ts";

/** A call that a screen shows the answer of. */
export interface Shown<Answer> {
  /** The last answer; it stays while it is asked for anew. */
  readonly answered: Answered<Answer> | undefined;
  readonly error: CallError | undefined;
  readonly isLoading: boolean;
  /** Asks again. */
  readonly reload: () => void;
}

/** Makes a call when a part of the page appears and whenever its request changes; none without a request. */
export function useCall<Name extends CallName>(
  name: Name,
  request: RequestOf<Name> | undefined,
): Shown<AnswerOf<Name>> {
  type State = Omit<Shown<AnswerOf<Name>>, "reload">;
  const [state, setState] = useState<State>({ answered: undefined, error: undefined, isLoading: true });
  const [round, setRound] = useState(0);
  const key = JSON.stringify(request);
  useEffect(() => {
    if (!request) return setState({ answered: undefined, error: undefined, isLoading: false });
    const ending = new AbortController();
    setState(({ answered }) => ({ answered, error: undefined, isLoading: true }));
    call(name, request, ending.signal).then(
      (answered) => !ending.signal.aborted && setState({ answered, error: undefined, isLoading: false }),
      (error: CallError) => !ending.signal.aborted && setState({ answered: undefined, error, isLoading: false }),
    );
    return () => ending.abort();
  }, [name, key, round]);
  return { ...state, reload: useCallback(() => setRound((before) => before + 1), []) };
}
