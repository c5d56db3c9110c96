import { setTimeout as pause } from "node:timers/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { CallOptions, Client } from "@connectrpc/connect";
import type {
  IdentityService,
  ImportIdentitiesRequestSchema,
  ImportIdentitiesResponse,
} from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { told } from "../admin-client.ts";

/** A message of an import. */
export type ImportMessage = MessageInitShape<typeof ImportIdentitiesRequestSchema>;

/** How messages are sent. */
export interface Sending {
  readonly client: Client<typeof IdentityService>;
  readonly options: CallOptions;
  /** Whether what was sent before may be sent again. */
  readonly canRepeat: boolean;
  /** Hears that a call has failed, and is made again. */
  retrying(error: ConnectError): void;
  readonly pauseMs?: number;
}

const mostTries = 6;
const passing: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.ResourceExhausted,
  Code.Aborted,
  Code.DeadlineExceeded,
]);

/** Sends some messages, again where a server has gone away meanwhile: it makes nothing twice. */
export async function sendMessages(
  messages: readonly ImportMessage[],
  { client, options, canRepeat, retrying, pauseMs = 500 }: Sending,
): Promise<ImportIdentitiesResponse> {
  for (let tries = 1; ; tries++)
    try {
      // As long as it takes: of a stream that goes on nobody knows how long that is.
      return await client.importIdentities(streamOf(messages), { ...options, timeoutMs: 0 });
    } catch (thrown) {
      const error = ConnectError.from(thrown);
      if (!canRepeat || tries === mostTries || !isPassing(error)) return told(Promise.reject(error));
      retrying(error);
      await pause(pauseMs * 2 ** tries * (0.5 + Math.random() / 2));
    }
}

/** Whether the same call may do later. A connection that breaks off is told in several ways. */
const isPassing = ({ code, cause }: ConnectError): boolean =>
  passing.has(code) ||
  /ECONN|EPIPE|socket hang up/.test(String((cause as NodeJS.ErrnoException | undefined)?.code ?? cause));

async function* streamOf(messages: readonly ImportMessage[]): AsyncGenerator<ImportMessage> {
  yield* messages;
}

/** How many rows a call sends: as many as it takes a second or two for, so that what is known of its progress is never old. */
export function createPace(least = 100, most = 5000) {
  let rows = least;
  return {
    rows: () => rows,
    took(ms: number): void {
      if (ms < 1000) rows = Math.min(most, rows * 2);
      else if (ms > 5000) rows = Math.max(least, Math.floor(rows / 2));
    },
  };
}
