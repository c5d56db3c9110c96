import { readError, unreachable } from "./call-error.ts";
import { httpOf, shapeOf } from "./http.ts";
import type { AnswerOf, CallName, RequestOf } from "./http.ts";
import { note } from "./journal.ts";
import { tenant } from "./tenant.ts";

/** What a call has answered, and where the next page of a list begins; empty on the last one. */
export interface Answered<Answer> {
  readonly answer: Answer;
  readonly next: string;
  /** How many there are on all pages, where the server counts. */
  readonly total: number | undefined;
}

/** Who hears that nobody is signed in any more. */
export const onSignedOut: { tell: () => void } = { tell: () => undefined };

/** Calls the admin API. Throws a `CallError`. */
export async function call<Name extends CallName>(
  name: Name,
  request: RequestOf<Name>,
  signal?: AbortSignal,
): Promise<Answered<AnswerOf<Name>>> {
  const { verb, path, body } = httpOf(name, request);
  const world = tenant.get();
  const ended = note(name, request, world);
  const response = await fetch(path, {
    method: verb,
    headers: {
      accept: "application/json",
      // No other site can send it without asking first: see the contract of ConsoleService.
      "x-ostiary-console": "1",
      ...(world && { "x-tenant": world }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    ended(0);
    throw signal?.aborted ? error : unreachable();
  });
  ended(response.status);
  if (response.status === 401 && shapeOf(name).scope) onSignedOut.tell();
  if (!response.ok) throw await readError(response);
  const answer = response.status === 204 ? {} : await response.json();
  const total = response.headers.get("x-total-count");
  return {
    answer: answer as AnswerOf<Name>,
    next: nextOf(response.headers.get("link")),
    total: total === null ? undefined : Number(total),
  };
}

function nextOf(link: string | null): string {
  const target = /<([^>]*)>;\s*rel="next"/.exec(link ?? "")?.[1];
  return target ? (new URL(target, location.origin).searchParams.get("page_token") ?? "") : "";
}
