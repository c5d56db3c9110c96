import type { Context } from "../context.ts";
import { remove } from "../db/query.ts";
import { ErrorReason, problem } from "../errors.ts";
import { flows } from "../flow/entities.ts";
import { findFlow } from "../flow/repository.ts";
import { assertMaySee, isTestLogin } from "../flow/test-login.ts";

/** Removes a test login; one that has a result, for the browser that has got it alone. */
export async function removeTestLogin(ctx: Context, id: string): Promise<void> {
  const flow = await findFlow(ctx, "login", id);
  if (!isTestLogin(flow)) throw problem(ErrorReason.NOT_FOUND);
  assertMaySee(ctx, flow);
  await remove(ctx, flows, (query) => query.where("id", "=", flow.id));
}
