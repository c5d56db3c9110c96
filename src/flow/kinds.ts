import type { LoginSubmission } from "#gen/ostiary/type/v1/submission_pb.js";
import type { RegistrationSubmission } from "#gen/ostiary/type/v1/submission_pb.js";
import type { RecoverySubmission } from "#gen/ostiary/type/v1/submission_pb.js";
import type { SettingsSubmission } from "#gen/ostiary/type/v1/submission_pb.js";
import type { VerificationSubmission } from "#gen/ostiary/type/v1/submission_pb.js";
import type { AccountChange, AddressProof, Proof, RegistrationDraft } from "./results.ts";

/** What is stored of a kind of flow in a way of its own. */
interface KindOfFlow {
  /** The states that its flows can be in; they begin in the first. */
  readonly states: readonly [string, ...string[]];
  /** Whether its forms show secrets, of authenticator apps and backup codes: they are sealed before they are stored. */
  readonly showsSecrets?: true;
  /** What traces call it when one begins; Kratos has no name for that of the others. */
  readonly begins?: string;
}

/** The kinds of self-service flows. This file lists them; the rest of the folder knows none by name. */
export const flowKinds = {
  login: { states: ["choose_method", "sent_email", "passed_challenge"], begins: "LoginInitiated" },
  registration: { states: ["choose_method", "sent_email"], begins: "RegistrationInitiated" },
  settings: { states: ["show_form", "success"], showsSecrets: true },
  recovery: {
    states: [
      "choose_method",
      "sent_email",
      "passed_challenge",
      "recovery_awaiting_address",
      "recovery_awaiting_address_choice",
      "recovery_confirming_address",
      "recovery_awaiting_code",
    ],
  },
  verification: { states: ["choose_method", "sent_email", "passed_challenge"] },
} as const satisfies Readonly<Record<string, KindOfFlow>>;

/** A kind of self-service flow. */
export type FlowKind = keyof typeof flowKinds;

/** The states of one kind of flow. */
export type FlowState<K extends FlowKind = FlowKind> = { [k in FlowKind]: (typeof flowKinds)[k]["states"][number] }[K];

/** The state in which flows of a kind begin. */
export const firstState = <K extends FlowKind>(kind: K): FlowState<K> => flowKinds[kind].states[0] as FlowState<K>;

/** Whether a flow of this kind can be in this state. */
export const isStateOf = <K extends FlowKind>(kind: K, state: string): state is FlowState<K> =>
  (flowKinds[kind].states as readonly string[]).includes(state);

/** Whether forms of this kind show secrets. */
export const showsSecrets = (kind: FlowKind): boolean => "showsSecrets" in flowKinds[kind];

/** What traces call it when a flow of this kind begins, if anything. */
export const nameOfBeginning = (kind: FlowKind): string | undefined => (flowKinds[kind] as KindOfFlow).begins;

/** What clients submit, by kind of flow. Its oneof lists the methods that take part. */
export interface Submissions {
  login: LoginSubmission;
  registration: RegistrationSubmission;
  settings: SettingsSubmission;
  recovery: RecoverySubmission;
  verification: VerificationSubmission;
}

/** What a passed submission yields, by kind of flow. */
export interface Results {
  login: Proof;
  registration: RegistrationDraft;
  settings: AccountChange;
  recovery: AddressProof;
  verification: AddressProof;
}
