import type { Context } from "../context.ts";
import { coerceForm } from "../schema/coerce.ts";
import type { IdentitySchema } from "../schema/identity-schema.ts";
import { traitNodes } from "../schema/trait-nodes.ts";
import { validateTraits } from "../schema/validate.ts";
import { withoutEmpty } from "../schema/coerce.ts";
import type { UiNode } from "../ui/node.ts";
import type { Complaint } from "./strategy.ts";

type Traits = Record<string, unknown>;

/** Submitted traits, judged. */
export interface AcceptedTraits {
  readonly traits: Traits;
  readonly complaints: readonly Complaint[];
  /** What the form shows again, by node name. */
  readonly shown: ReadonlyMap<string, unknown>;
}
