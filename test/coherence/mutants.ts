import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { basename } from "node:path";
import type { Protocol } from "./schedule.ts";

/** A mistake that somebody could make: what stands in a file of the protocol, and what stands there in its place. */
export interface Mutant {
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** From which seed on it is looked for, where hardly any schedule shows it. */
  readonly seed?: number;
}

/** Mistakes that a simulation has to find, each of which breaks a promise of its own. */
export const mutants: readonly Mutant[] = [
  {
    what: "a read that was overtaken by an invalidation is kept as if it were new",
    file: "coherent-cache.ts",
    from: "nid], generation, asked",
    to: "nid], generation: peer.validity.generation(), asked",
  },
  {
    what: "what is invalidated goes on to count",
    file: "validity.ts",
    from: "marks.set(subject, ++generation)",
    to: "++generation",
  },
  {
    what: "memory answers without a lease, as a process would that was stopped and does not look at the clock",
    file: "coherent-cache.ts",
    from: "!underLease || peer.holds()",
    to: "true",
  },
  {
    what: "a lease is good from when the answer came",
    file: "holder.ts",
    from: "renewed = began",
    to: "renewed = clock.now()",
  },
  {
    what: "what was kept under a lease that is over counts under the next one",
    file: "holder.ts",
    from: "if (!isGood(began)) lose();",
    to: "",
  },
  {
    what: "whoever was struck out enters anew and forgets nothing",
    file: "holder.ts",
    from: "renewed = undefined;\n    validity.invalidateAll();",
    to: "renewed = undefined;",
  },
  {
    what: "a question is answered before what was invalidated is looked at",
    file: "holder.ts",
    from: "if (sight) seen.takeIn(sight.invalidations);",
    to: "if (sight && sight.asked <= sight.answered) seen.takeIn(sight.invalidations);",
  },
  {
    what: "an invalidation is cleared away by the first who sees it",
    file: "terms.ts",
    from: "orphanedMs = 2.5 * leaseMs",
    to: "orphanedMs = -1",
  },
  {
    what: "nobody waits for the answers",
    file: "announcer.ts",
    from: "await Promise.race([next.over, patience.past]);",
    to: "void next.over;",
  },
  {
    what: "a change joins a question that was asked before it",
    file: "announcer.ts",
    from: "      next = undefined;\n",
    to: "",
  },
  {
    what: "the patience is over before a lease is",
    file: "terms.ts",
    from: "patienceMs = leaseMs * 1.05",
    to: "patienceMs = leaseMs * 0.6",
  },
  {
    what: "the patience is counted by a clock that may be set",
    file: "clock.ts",
    from: "now.monotonic - since.monotonic;",
    to: "now.wall - since.wall;",
  },
  {
    what: "a lease is counted by the clock alone that stands still while the machine sleeps",
    file: "clock.ts",
    from: "Math.max(now.monotonic - since.monotonic, now.wall - since.wall)",
    to: "now.monotonic - since.monotonic",
  },
  {
    what: "a lease counts while a change is under way that has written down nothing for it",
    file: "holder.ts",
    from: "settled ||= await store.isClear();",
    to: "settled = true;",
  },
  {
    what: "whoever enters anew does not wait again for changes that are under way",
    file: "holder.ts",
    from: "settled = false;\n    await store.join(id);",
    to: "await store.join(id);",
  },
  {
    what: "a change looks who holds a lease before it has those wait who enter",
    file: "peer.ts",
    from: "await gate.shut();\n      return gate.isAnybodyBut(ownId());",
    to: "const others = await gate.isAnybodyBut(ownId());\n      await gate.shut();\n      return others;",
  },
  {
    what: "what a process has changed itself counts for as long as it does not know whether that was committed",
    file: "peer.ts",
    from: "invalidations.forEach(({ subject }) => validity.doubt(subject))",
    to: "void invalidations",
    seed: 30_000,
  },
];

const folder = new URL("../../src/coherence/", import.meta.url).href;

/** The protocol with a mistake in it: its modules are loaded once more, and changed on the way. */
export async function protocolWith(mutant: Mutant): Promise<Protocol> {
  const mark = `?mutant=${mutants.indexOf(mutant)}`;
  let changed = false;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const inherits = context.parentURL?.endsWith(mark) && resolved.url.startsWith(folder);
      return inherits ? { ...resolved, url: resolved.url + mark } : resolved;
    },
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith(mark) || basename(new URL(url).pathname) !== mutant.file) return loaded;
      const source = String(loaded.source);
      assert.ok(source.includes(mutant.from), `${mutant.file} has no more of: ${mutant.from}`);
      changed = true;
      return { ...loaded, source: source.replace(mutant.from, () => mutant.to) };
    },
  });
  try {
    const [{ createPeer }, { createCoherentCache }] = (await Promise.all([
      import(`${folder}peer.ts${mark}`),
      import(`${folder}coherent-cache.ts${mark}`),
    ])) as [Pick<Protocol, "createPeer">, Pick<Protocol, "createCoherentCache">];
    assert.ok(changed, mutant.what);
    return { createPeer, createCoherentCache };
  } finally {
    hooks.deregister();
  }
}
