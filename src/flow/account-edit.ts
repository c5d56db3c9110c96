import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { prepareChange } from "../identity/write.ts";
import { schemasOf } from "../schema/schemas.ts";
import { validateTraits } from "../schema/validate.ts";
import type { AccountEdit } from "./hook.ts";

/** An account as a hook wants it. A hook obeys the schema like everybody else. */
export async function edited(
  ctx: Context,
  account: IdentityWithCredentialsRow,
  edit: AccountEdit,
): Promise<IdentityWithCredentialsRow> {
  const schema = await schemasOf(ctx)
    .get(edit.schemaId ?? account.schemaId)
    .catch((cause: unknown) => {
      throw problem(ErrorReason.HOOK_FAILED, {
        reason: "A web hook set an identity schema that cannot be used.",
        cause,
      });
    });
  const traits = edit.traits ?? account.traits;
  const violations = validateTraits(schema, traits);
  if (violations.length > 0)
    throw problem(ErrorReason.HOOK_FAILED, {
      reason: `A web hook set traits that do not match the schema ${schema.id}.`,
    });
  const { schemaId: _, ...rest } = edit;
  return prepareChange(ctx, account, { ...rest, schema, traits });
}
