import type { Duplex } from "node:stream";
import { isUnavailable } from "./failure.ts";

const deadlineMs = 25_000;

type Done = (error: unknown, ...rest: unknown[]) => unknown;
type Query = (...operands: unknown[]) => unknown;

/**
 * Ends a connection of a pool that is of no more use: one that does not answer is dead, whatever TCP says, and nobody else
 * would ever let go of it; one to a server that became read-only, or took a right away, stays so for as long as it lives;
 * and what is not rolled back must not become part of the next transaction. The pool makes another. Statements without
 * values are those of migrations, which may take their time.
 */
export function evictWhenBroken<Name extends string>(client: Record<Name, unknown>, name: Name, socket: Duplex): void {
  const query = (client[name] as Query).bind(client);
  const end = (code: string, message: string) => void socket.destroy(Object.assign(new Error(message), { code }));
  (client as Record<string, Query>)[name] = (...operands: unknown[]) => {
    const [text, values] = operands;
    if (!Array.isArray(values)) return query(...operands);
    const timer = setTimeout(() => end("ETIMEDOUT", "The database does not answer."), deadlineMs);
    const settle = (error: unknown) => {
      clearTimeout(timer);
      if (error && (text === "rollback" || isUnavailable(error)))
        end("ECONNRESET", "The connection is of no more use.");
    };
    const done = operands.at(-1);
    if (typeof done === "function")
      return query(...operands.slice(0, -1), (error: unknown, ...rest: unknown[]) => {
        settle(error);
        return (done as Done)(error, ...rest);
      });
    const answer = query(...operands) as Promise<unknown>;
    answer.then(() => settle(undefined), settle);
    return answer;
  };
}
