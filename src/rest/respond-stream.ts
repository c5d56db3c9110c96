import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import type { Problem } from "../errors.ts";
import type { RestCall } from "./call.ts";
import { problemToRest } from "./error.ts";
import type { Match } from "./route.ts";
import type { Exchange } from "./send.ts";
import { beginEventStream } from "./server-sent-events.ts";
import type { EventStream, EventStreamOptions } from "./server-sent-events.ts";

type Answer = MessageInitShape<DescMessage>;

/** What a stream is answered by. */
export interface StreamParts extends Pick<EventStreamOptions, "watchReader"> {
  /** The error that clients are told. */
  known(error: unknown): Problem;
  /** Hears that the first message is there. */
  begun(res: Exchange["res"]): void;
}

/**
 * Answers with a stream as server-sent events. What is refused before its first message is thrown, to be answered as any other error; what ends it
 * later is told as the event `end`, whose data is the envelope of the error.
 */
export async function respondStream(
  { res, said }: Exchange,
  { route }: Match,
  call: RestCall,
  open: (gone: AbortSignal) => AsyncIterable<Answer>,
  { known, begun, watchReader }: StreamParts,
): Promise<void> {
  const gone = new AbortController();
  res.once("close", () => gone.abort());
  const answers = open(gone.signal)[Symbol.asyncIterator]();
  let next = await answers.next();
  begun(res);
  const headers = { ...said, ...call.reply.headers.all() };
  const stream = beginEventStream(res, { headers, gone: gone.signal, watchReader });
  try {
    for (; !next.done; next = await answers.next()) {
      await stream.send(eventOf(route, next.value));
      if (gone.signal.aborted) break;
    }
  } catch (error) {
    await tellEnd(stream, known(error), call);
  } finally {
    await answers.return?.();
    stream.end();
  }
}

/** A message as an event: what the contract says stands for its place is its id, and the field that REST answers with its data. */
function eventOf({ responseField, shape, write, method }: Match["route"], answer: Answer) {
  const values = answer as Record<string, unknown>;
  const place = method.output.fields.find(({ name }) => name === shape?.eventId);
  const id = place && values[place.localName];
  const empty = responseField && values[responseField.localName] === undefined;
  return {
    ...(typeof id === "string" && { id }),
    ...(!empty && { data: String(write(answer)) }),
  };
}

async function tellEnd(stream: EventStream, problem: Problem, call: RestCall): Promise<void> {
  const { text } = problemToRest(problem, call.headers.get("x-request-id") ?? undefined);
  await stream.send({ event: "end", data: String(text) });
}
