import { ErrorReason, problem } from "../errors.ts";
import { type Watching, watchAdmission } from "./while-admitted.ts";

/** How long a client may send nothing while it is waited for. */
const longestSilenceMs = 30_000;

/** How a stream that a client sends is held to its bounds. */
export interface Holding<T> extends Watching {
  /** What is passed on of each that has come. */
  judged(one: T): Promise<T>;
  readonly silenceMs?: number;
}

/**
 * Passes on what a client sends, as long as it would be let in and sends something: with its refusal, or with DEADLINE where it is silent or gone,
 * whoever reads is told in place of the next one. How long they take with each is their business.
 */
export async function* holdStream<T>(
  messages: AsyncIterable<T>,
  { admit, gone, judged, silenceMs = longestSilenceMs }: Holding<T>,
): AsyncGenerator<T> {
  const { refused, stop } = watchAdmission({ admit });
  // One for all messages: whoever is waited for at the moment.
  let giveUp: ((reason: unknown) => void) | undefined;
  const timer = setTimeout(() => {
    if (giveUp) giveUp(problem(ErrorReason.DEADLINE, { reason: "Nothing has been sent for too long." }));
    else timer.refresh();
  }, silenceMs);
  const leave = () => giveUp?.(problem(ErrorReason.DEADLINE));
  const refuse = () => giveUp?.(refused.reason);
  gone.addEventListener("abort", leave);
  refused.addEventListener("abort", refuse);
  const iterator = messages[Symbol.asyncIterator]();
  const next = () =>
    new Promise<IteratorResult<T>>((resolve, reject) => {
      if (refused.aborted) throw refused.reason;
      if (gone.aborted) throw problem(ErrorReason.DEADLINE);
      giveUp = reject;
      timer.refresh();
      iterator.next().then(resolve, reject);
    }).finally(() => (giveUp = undefined));
  try {
    for (let one = await next(); !one.done; one = await next()) yield await judged(one.value);
  } finally {
    stop();
    clearTimeout(timer);
    gone.removeEventListener("abort", leave);
    refused.removeEventListener("abort", refuse);
    // Not awaited: who waits for a client that is silent would do so here.
    void iterator.return?.().catch(() => undefined);
  }
}
