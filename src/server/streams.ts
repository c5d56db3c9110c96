import type {
  DescMessage,
  DescMethod,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  Message,
  MessageInitShape,
} from "@bufbuild/protobuf";
import type { Code } from "@connectrpc/connect";
import type { Call } from "../context.ts";
import { ErrorReason, problem, toProblem } from "../errors.ts";
import type { Problem } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Tenant } from "../tenant.ts";
import type { Received } from "../rest/json-lines.ts";
import { codeOf } from "./connect-error.ts";
import { holdStream } from "./hold-stream.ts";
import type { Receives, Streams } from "./service.ts";
import { type Admit, ending, type PreparationParts, preparing, preparingStreams, type Served } from "./served.ts";
import { endCall } from "./trace-calls.ts";
import type { CallTracing } from "./trace-calls.ts";
import { whileAdmitted } from "./while-admitted.ts";

/** Of each worker: a stream costs little but now and then, and ends when its client says so. */
const mostStreams = 256;
/** Of each worker: what is sent by a stream is worked on all the time, and some of it is held. */
const mostSent = 4;

type Answer = MessageInitShape<DescMessage>;

/** What streams need. */
export interface StreamOptions extends PreparationParts {
  readonly log: Log;
  stillServes?(tenant: Tenant): Promise<unknown>;
  /** Begins the spans of calls that do not come over REST, where anything is traced. */
  readonly tracing?: Pick<CallTracing, "begin"> | undefined;
  observe?(method: DescMethod, call: Call, code: Code | undefined, seconds: number): void;
}

/** Bounds how many calls there are at once, and tells of each when it is over. */
function counted({ log, tracing, observe }: StreamOptions, most: number) {
  let open = 0;
  return function begin(method: DescMethod, call: Call) {
    if (open >= most) {
      const full = problem(ErrorReason.OVERLOADED, { retryAfter: 1 });
      observe?.(method, call, codeOf(full), 0);
      throw full;
    }
    open++;
    const start = performance.now();
    const span = call.protocol === "rest" ? undefined : tracing?.begin(method, call);
    let refusal: Problem | undefined;
    return {
      failed: (thrown: unknown) => (refusal = ending(log, method, thrown)),
      over() {
        open--;
        observe?.(method, call, refusal && codeOf(refusal), (performance.now() - start) / 1000);
        if (span) endCall(span, refusal);
      },
    };
  };
}

/** Answers calls with streams, until their clients have gone. */
export function streaming(options: StreamOptions, served: ReadonlyMap<DescMethod, Served>, admit: Admit) {
  const begin = counted(options, mostStreams);
  const prepare = preparing(options, admit);
  return async function* (
    method: DescMethodServerStreaming,
    request: Message,
    call: Call,
    gone: AbortSignal,
  ): AsyncGenerator<Answer> {
    const counting = begin(method, call);
    const serves = served.get(method)!;
    try {
      const ctx = await prepare(serves, request, call);
      const handler = serves.handler as Streams;
      yield* whileAdmitted((until) => handler(request as never, ctx, until), {
        admit: () => stillAdmitted(options, serves, call, ctx.tenant),
        gone,
      });
    } catch (thrown) {
      throw counting.failed(thrown);
    } finally {
      counting.over();
    }
  };
}

async function stillAdmitted(
  { gate, stillServes }: StreamOptions,
  { demand }: Served,
  call: Call,
  tenant: Tenant,
): Promise<void> {
  await gate?.admit(demand, call);
  await stillServes?.(tenant);
}

/** Answers calls whose requests are streams, once those have ended, or have been read for as long as is of use. */
export function receiving(options: StreamOptions, served: ReadonlyMap<DescMethod, Served>, admit: Admit) {
  const begin = counted(options, mostSent);
  const { open, check } = preparingStreams(options, admit);
  return async function receive(
    method: DescMethodClientStreaming,
    messages: () => AsyncIterable<Received>,
    call: Call,
    gone: AbortSignal,
  ): Promise<Answer> {
    const counting = begin(method, call);
    const serves = served.get(method)!;
    try {
      const ctx = await open(serves, call);
      const judged = async (received: Received): Promise<Received> => {
        if (received.problem) return received;
        try {
          await check(serves, received.message, call, ctx);
          return received;
        } catch (thrown) {
          return { ...received, problem: toProblem(thrown) };
        }
      };
      const held = holdStream(messages(), {
        admit: () => stillAdmitted(options, serves, call, ctx.tenant),
        gone,
        judged,
      });
      return await (serves.handler as Receives)(held as AsyncIterable<never>, ctx);
    } catch (thrown) {
      throw counting.failed(thrown);
    } finally {
      counting.over();
    }
  };
}
