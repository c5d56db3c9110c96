import { useEffect, useState } from "preact/hooks";
import type { Event } from "#gen/ostiary/admin_calls.js";
import type { CallError } from "../../calls/call-error.ts";
import { followEvents } from "../../calls/follow.ts";
import type { RequestOf } from "../../calls/http.ts";

/** How many events are kept on the page while it follows. */
const most = 200;

/** What has happened since a page began to follow, the newest first. */
export interface Tail {
  readonly events: readonly Event[];
  readonly error: CallError | undefined;
}

/** Follows events as they happen, while there is something that is asked for. */
export function useTail(request: RequestOf<"ListEvents"> | undefined): Tail {
  const [tail, setTail] = useState<Tail>({ events: [], error: undefined });
  const key = JSON.stringify(request);
  useEffect(() => {
    setTail({ events: [], error: undefined });
    if (!request) return;
    const ending = new AbortController();
    const listener = {
      hear: (event: Event) =>
        setTail(({ events }) => ({ events: [event, ...events].slice(0, most), error: undefined })),
      fail: (error: CallError) => setTail(({ events }) => ({ events, error })),
    };
    void followEvents(request, listener, ending.signal);
    return () => ending.abort();
  }, [key]);
  return tail;
}
