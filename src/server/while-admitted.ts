/** How soon a stream ends after its caller may not have it any more. */
const lookEveryMs = 2000;

/** Who a stream is for. */
export interface Watching {
  /** Throws where the call is refused by now. */
  admit(): Promise<unknown>;
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal;
}

/**
 * Looks now and then whether the caller of a stream would still be let in: a call is asked for its credential once, and a stream may go on for
 * days after that was revoked. Aborts with the refusal.
 */
export function watchAdmission({ admit }: Pick<Watching, "admit">): { refused: AbortSignal; stop(): void } {
  const refused = new AbortController();
  let looking = false;
  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    await admit().catch((refusal: unknown) => refused.abort(refusal));
    looking = false;
  }
  const timer = setInterval(() => void look(), lookEveryMs).unref();
  return { refused: refused.signal, stop: () => clearInterval(timer) };
}

/** Goes on with a stream for as long as its caller would be let in. It ends with the refusal then. */
export async function* whileAdmitted<T>(
  open: (until: AbortSignal) => AsyncIterable<T>,
  { admit, gone }: Watching,
): AsyncGenerator<T> {
  const { refused, stop } = watchAdmission({ admit });
  try {
    for await (const one of open(AbortSignal.any([gone, refused]))) {
      if (refused.aborted) break;
      yield one;
    }
  } finally {
    stop();
  }
  if (refused.aborted) throw refused.reason;
}
