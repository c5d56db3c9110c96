import { SeedService } from "#gen/ostiary/admin/v1/seed_service_pb.js";
import type { Context } from "../../context.ts";
import { createHash } from "../../crypto/hash.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { createIdentity } from "../../identity/write.ts";
import { schemasOf } from "../../schema/schemas.ts";
import { makeUp, seedPassword } from "../../seed/people.ts";
import type { SeedPerson } from "../../seed/people.ts";
import { traitsFor } from "../../seed/traits.ts";
import { defineService } from "../../server/dispatch.ts";
import { newIdentity } from "./read-identity.ts";
import { beginSessions, writeMessage } from "./seed-history.ts";
import { seedBody } from "./seed-body.ts";

const defaultCount = 50;
const dayMs = 86_400_000;

/** Serves seed_service.proto. */
export const seedService = defineService(SeedService, {
  async seedPeople({ seed }, ctx) {
    if (!ctx.config.dev)
      throw problem(ErrorReason.NOT_FOUND, { reason: "People are made up in development mode (--dev) alone." });
    const { fields } = await schemasOf(ctx).default();
    const hash = await createHash(seedPassword, ctx.config.hashers);
    const done = { people: 0, existing: 0, sessions: 0, messages: 0 };
    for (const person of makeUp(seed?.number ?? 0, seed?.count || defaultCount)) {
      const id = await settle(ctx, person, { traits: traitsFor(fields, person), hash });
      if (id === undefined) {
        done.existing++;
        continue;
      }
      done.people++;
      done.sessions += await beginSessions(ctx, id, person, at);
      done.messages += await writeMessage(ctx, id, person);
    }
    return { ...done, password: seedPassword };
  },
});

/** The context of so many days ago. */
const at = (ctx: Context, daysAgo: number): Context =>
  Object.create(ctx, { now: { value: () => new Date(ctx.now().getTime() - daysAgo * dayMs) } }) as Context;

/** Makes somebody's account, as of the day when they signed up; undefined where there is one. */
async function settle(
  ctx: Context,
  person: SeedPerson,
  about: Parameters<typeof seedBody>[1],
): Promise<string | undefined> {
  const then = at(ctx, person.daysOld);
  const identity = await newIdentity(then, seedBody(person, about));
  const written = await createIdentity(then, identity, { reason: "admin.import" });
  return written.kind === "conflict" ? undefined : identity.id;
}
