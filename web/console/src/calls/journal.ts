import { createStore } from "../parts/store.ts";
import type { CallName, RequestOf } from "./http.ts";

/** A call that this page has made. */
export interface Made {
  readonly key: number;
  readonly name: CallName;
  readonly request: RequestOf<CallName>;
  readonly tenant: string;
  /** The HTTP status; 0 where nobody answered, undefined while nobody has. */
  readonly status: number | undefined;
  readonly ms: number;
}

const most = 30;
let count = 0;

/** The calls of this page, the last one first. */
export const journal = createStore<readonly Made[]>([]);

/** Notes a call that begins; answers how to note its end. */
export function note(name: CallName, request: RequestOf<CallName>, tenant: string): (status: number) => void {
  const key = ++count;
  const start = performance.now();
  journal.set([{ key, name, request, tenant, status: undefined, ms: 0 }, ...journal.get()].slice(0, most));
  return (status) => {
    const ms = Math.round(performance.now() - start);
    journal.set(journal.get().map((one) => (one.key === key ? { ...one, status, ms } : one)));
  };
}
