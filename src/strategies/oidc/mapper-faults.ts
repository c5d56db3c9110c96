import type { Context } from "../../context.ts";
import { recordFailure } from "../../events/record.ts";
import type { Flow } from "../../flow/flow.ts";
import { MapperFault } from "../../mapper/fault.ts";
import { ProviderFailure } from "../../provider/provider-failure.ts";
import type { Provider } from "../../provider/provider.ts";
import { group } from "./upstream-login.ts";

/** Records that a provider's mapper has failed on somebody, by the place in it: what it says of that may hold their claims. */
export async function recordingMapperFaults<T>(
  ctx: Context,
  { kind, id, type }: Flow,
  { config }: Provider,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderFailure && error.cause instanceof MapperFault) {
      const { reason, place } = error.cause;
      const where = place && { line: place.line, column: place.column };
      const payload = { flow_id: id, flow_type: type, method: group, provider: config.id, fault: reason, ...where };
      const cause = { reason: `${kind}.${group}`, actor: { kind: "anonymous" } } as const;
      await recordFailure(ctx, cause, { type: "JsonnetMappingFailed", subjectId: null, payload });
    }
    throw error;
  }
}
