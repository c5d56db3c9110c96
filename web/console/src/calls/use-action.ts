import { useState } from "preact/hooks";
import { CallError } from "./call-error.ts";

/** Something that a person sets off: one at a time, and what went wrong stays to be read. */
export interface Action {
  readonly isBusy: boolean;
  readonly error: CallError | undefined;
  /** Does it; answers whether it was done. */
  run(work: () => Promise<unknown>): Promise<boolean>;
  clear(): void;
}

/** Makes an action. */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<CallError>();
  return {
    isBusy,
    error,
    clear: () => setError(undefined),
    async run(work) {
      setBusy(true);
      setError(undefined);
      try {
        await work();
        return true;
      } catch (thrown) {
        setError(
          thrown instanceof CallError
            ? thrown
            : new CallError(String((thrown as Error).message ?? thrown), { id: "console", status: 0, request: "" }),
        );
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
