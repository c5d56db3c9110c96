import type { MessageInitShape } from "@bufbuild/protobuf";
import { IdentityPatchAction } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { IdentityPatch, IdentityPatchResultSchema } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { ErrorBodySchema } from "#gen/ostiary/type/v1/problem_pb.js";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem, toProblem } from "../../errors.ts";
import type { Problem } from "../../errors.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { createIdentities } from "../../identity/write.ts";
import { describeError } from "../present-error.ts";
import { newIdentity } from "./read-identity.ts";

const mostIdentities = 1000;
const mostPlainPasswords = 200;

type Result = MessageInitShape<typeof IdentityPatchResultSchema>;

/** Makes many identities. What is wrong with one of them does not keep the others from being made. */
export async function createBatch(ctx: Context, patches: readonly IdentityPatch[]): Promise<Result[]> {
  assertWithinLimits(patches);
  const results: Result[] = [];
  const drafts: { identity: IdentityWithCredentialsRow; at: number }[] = [];
  for (const [at, { create, patchId }] of patches.entries()) {
    const result: Result = { ...(patchId && { patchId }) };
    results.push(result);
    if (!create) continue;
    // One after another: to hash them all at once would take every place in the queue from people who sign in.
    const draft = await newIdentity(ctx, create).catch(judgement);
    if ("error" in draft) Object.assign(result, failed(draft.error));
    else drafts.push({ identity: draft, at });
  }
  const written = await createIdentities(
    ctx,
    drafts.map(({ identity }) => identity),
    { reason: "admin.import" },
  );
  for (const [number, { identity, at }] of drafts.entries())
    Object.assign(
      results[at]!,
      written[number]
        ? { action: IdentityPatchAction.CREATE, identity: identity.id }
        : failed(problem(ErrorReason.CONFLICT)),
    );
  return results;
}

function assertWithinLimits(patches: readonly IdentityPatch[]): void {
  if (patches.length > mostIdentities)
    throw problem(ErrorReason.BAD_REQUEST, { reason: `At most ${mostIdentities} identities can be created at once.` });
  const plain = patches.filter(({ create }) => create?.credentials?.password?.config?.password).length;
  if (plain > mostPlainPasswords)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `At most ${mostPlainPasswords} plain-text passwords can be hashed at once.`,
    });
  if (patches.some(({ patchId }) => patchId && !isUuid(patchId)))
    throw problem(ErrorReason.BATCH_MALFORMED, { message: "A patch_id is not a UUID." });
}

/** What is wrong with one identity. Trouble of the server's own ends the whole call. */
function judgement(thrown: unknown): { error: Problem } {
  const error = toProblem(thrown);
  if (error.reason !== ErrorReason.BAD_REQUEST) throw thrown;
  return { error };
}

const failed = (error: Problem): Result => ({
  action: IdentityPatchAction.ERROR,
  error: describeError(error) as MessageInitShape<typeof ErrorBodySchema>,
});
