import type { Checkpoint } from "../events/chain.ts";
import type { ChainPage } from "../events/read-chain.ts";
import type { Misfit, Verdict } from "../events/verify-chain.ts";
import { told } from "./admin-client.ts";
import type { Command, CommandCall } from "./command.ts";
import type { EventClient } from "./event-client.ts";
import { withEvents } from "./event-client.ts";
import { eventSourceOptions } from "./event-options.ts";
import { exitCodes } from "./exit-codes.ts";
import { printerFor } from "./output/print.ts";
import { forTenant } from "./tenant-option.ts";

/** `ostiary events verify` */
export const eventsVerify: Command = {
  name: "events verify",
  summary: "Recomputes the hashes of all events, and tells the first that does not fit. The exit code is 1 then.",
  details: [
    "Prints the head of the chain, the number and the hash of the newest event. Note it down where whoever can write to the database cannot, and give it with --head the next time: then it is noticed as well if the end was cut off, or everything rewritten.",
  ],
  examples: ["ostiary events verify", "ostiary events verify --head 41:9f86d081…"],
  options: [
    { name: "head", value: "number:hash", summary: "A head that was noted down before.", read: readHead },
    ...eventSourceOptions,
  ],
  async run(call) {
    const print = await printerFor(call);
    const noted = call.flags.head as Checkpoint | undefined;
    const { verifyChain } = await import("../events/verify-chain.ts");
    const verdict = await withEvents(call, (client) =>
      verifyChain((after, limit) => readPage(call, client, after, limit), noted),
    );
    await print.words(() => sentences(verdict, noted).forEach(call.out), dataOf(verdict));
    return verdict.kind === "whole" ? exitCodes.done : exitCodes.failed;
  },
};

function readHead(typed: string): Checkpoint {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(typed) ?? [];
  if (!sequence || !hash) throw new Error("must be a number and a hash, as `events verify` prints them: 41:9f86d081….");
  return { sequence: Number(sequence), hash: hash.toLowerCase() };
}

async function readPage(call: CommandCall, client: EventClient, after: number, pageSize: number): Promise<ChainPage> {
  const page = await told(client.listChainEntries({ after: BigInt(after), pageSize }, forTenant(call)));
  const place = ({ sequence, hash }: { sequence: bigint; hash: string }) => ({ sequence: Number(sequence), hash });
  return {
    entries: page.entries.map((entry) => ({ ...entry, sequence: Number(entry.sequence) })),
    base: place(page.base!),
    head: place(page.head!),
  };
}

const whys: Readonly<Record<Misfit, string>> = {
  changed: "does not fit: it is not what its hash was made of, or not behind the event that it was put behind.",
  missing: "is missing.",
  doubled: "does not fit: another one has the same number.",
  other_than_noted: "is not the one that was noted down: its hash is another.",
};

const written = ({ sequence, hash }: Checkpoint): string => `${sequence}:${hash}`;

function sentences(verdict: Verdict, noted: Checkpoint | undefined): string[] {
  if (verdict.kind === "broken")
    return [`Event ${verdict.sequence}${verdict.id ? ` (${verdict.id})` : ""} ${whys[verdict.why]}`];
  const { base, head, isNotedKept } = verdict;
  const count = head.sequence - base.sequence;
  const span = count === 0 ? "" : ` (${base.sequence + 1} to ${head.sequence})`;
  return [
    `${count} ${count === 1 ? "event fits" : "events fit"}${span}.`,
    ...(base.sequence > 0 ? [`Deleted for their age: the events up to ${base.sequence}.`] : []),
    ...(noted && !isNotedKept
      ? [`Event ${noted.sequence}, which was noted down, is deleted: it was not compared.`]
      : []),
    `Head: ${written(head)}`,
  ];
}

function dataOf(verdict: Verdict) {
  if (verdict.kind === "broken") {
    const { why, sequence, id } = verdict;
    return { whole: false, why, sequence, ...(id && { id }) };
  }
  const { base, head, isNotedKept } = verdict;
  return {
    whole: true,
    events: head.sequence - base.sequence,
    base: written(base),
    head: written(head),
    head_compared: isNotedKept,
  };
}
