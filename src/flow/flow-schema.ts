import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { IdentitySchema } from "../schema/identity-schema.ts";
import { schemasOf } from "../schema/schemas.ts";
import type { Flow } from "./flow.ts";

/** The schema by which a flow's account is made: the one that was asked for, else the default. */
export const schemaOf = (ctx: Context, flow: Pick<Flow, "identitySchema">): Promise<IdentitySchema> =>
  flow.identitySchema ? schemasOf(ctx).get(flow.identitySchema) : schemasOf(ctx).default();

/** Refuses a schema that clients may not choose. The default may always be named. */
export async function assertSelectableSchema(ctx: Context, id: string): Promise<void> {
  if (!id) return;
  const { default_schema_id: standard, schemas } = ctx.config.identity;
  if (id === standard || schemas.some((schema) => schema.id === id && schema.selfservice_selectable)) return;
  throw problem(ErrorReason.BAD_REQUEST, { reason: "The parameter identity_schema names no selectable schema." });
}
