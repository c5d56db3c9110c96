import type { DescMethod } from "@bufbuild/protobuf";
import { ErrorReason, problem } from "../errors.ts";
import { shareOf } from "../peers.ts";
import { soon } from "./queue.ts";

const mostAtOnce = shareOf(2);
const mostWaiting = 256;

// To be connected, read and answered takes a request about as many turns of the event loop, each of which a page may hold up.
const turnsBetween = 4;

/**
 * Makes a few pages of lists at a time, in the order in which they were asked for: one of them may hold megabytes, as rows, as what is made
 * of them and as what is sent, and nobody knows before.
 */
export function makePagesInTurn() {
  const waiting: (() => void)[] = [];
  let running = 0;

  const begin = spaceOut();

  function leave(): void {
    const next = waiting.shift();
    if (next) begin(next);
    else running--;
  }

  async function enter(): Promise<void> {
    if (running >= mostAtOnce && waiting.length >= mostWaiting)
      throw problem(ErrorReason.OVERLOADED, { retryAfter: 1 });
    await new Promise<void>((resolve) => {
      if (running >= mostAtOnce) return void waiting.push(resolve);
      running++;
      begin(resolve);
    });
  }

  async function makePage<T>(work: () => Promise<T>): Promise<T> {
    await enter();
    try {
      const page = await work();
      // To write it takes as long as to make it: others come in between.
      await new Promise<void>((resolve) => begin(resolve));
      return page;
    } finally {
      leave();
    }
  }

  return makePage;
}

/** Whether a method answers with a page of a list. */
export const isPaged = ({ input }: DescMethod): boolean => "pageSize" in input.field;

/** Begins one after the other, with turns of the event loop in between. */
function spaceOut(): (begin: () => void) => void {
  const waiting: (() => void)[] = [];
  let resting = false;

  function rest(turns: number): void {
    if (turns > 0) return void setImmediate(rest, turns - 1);
    const next = waiting.shift();
    if (!next) return void (resting = false);
    rest(turnsBetween);
    soon(next);
  }

  return (begin) => {
    if (resting) return void waiting.push(begin);
    resting = true;
    setImmediate(rest, turnsBetween);
    soon(begin);
  };
}
