import type { DescMethodUnary } from "@bufbuild/protobuf";
import { ErrorReason, problem } from "../errors.ts";
import { createQueue } from "./queue.ts";

const mostAtOnce = 4;
const mostWaiting = 256;

/**
 * Makes a few pages of lists at a time, in the order in which they were asked for: one of them may hold megabytes, as rows, as what is made
 * of them and as what is sent, and nobody knows before. What is no list is made at once.
 */
export function makePagesInTurn() {
  const waiting: (() => void)[] = [];
  let running = 0;

  const soon = createQueue(1);

  function leave(): void {
    const next = waiting.shift();
    if (next) soon(next);
    else running--;
  }

  async function enter(): Promise<void> {
    if (running >= mostAtOnce && waiting.length >= mostWaiting)
      throw problem(ErrorReason.OVERLOADED, { retryAfter: 1 });
    await new Promise<void>((resolve) => {
      if (running >= mostAtOnce) return void waiting.push(resolve);
      running++;
      soon(resolve);
    });
  }

  return async function make<T>(method: DescMethodUnary, work: () => Promise<T>): Promise<T> {
    if (!("pageSize" in method.input.field)) return work();
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
