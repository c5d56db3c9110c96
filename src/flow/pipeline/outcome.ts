import type { FlowView } from "../attempt.ts";
import type { FlowKind } from "../kinds.ts";

/** Where a submission, or a client that came back, has left its flow. */
export type Outcome<Completion = unknown, K extends FlowKind = FlowKind> =
  | (FlowView<K> & { readonly kind: "completed"; readonly completion: Completion })
  | (FlowView<K> & { readonly kind: "rejected" | "pending" })
  | (FlowView<K> & { readonly kind: "redirected"; readonly url: string })
  /** It went on in a flow of another kind, and this is where it left that. */
  | (FlowView<K> & { readonly kind: "handedOver"; readonly to: FlowKind; readonly outcome: Outcome });
