import type { LoginSubmission } from "#gen/ostiary/type/v1/submission_pb.js";
import type { RegistrationSubmission } from "#gen/ostiary/type/v1/submission_pb.js";
import type { RecoverySubmission } from "#gen/ostiary/type/v1/submission_pb.js";
import type { SettingsSubmission } from "#gen/ostiary/type/v1/submission_pb.js";
import type { VerificationSubmission } from "#gen/ostiary/type/v1/submission_pb.js";
import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import type { Message } from "../ui/message.ts";
import type { UiNode } from "../ui/node.ts";
import type { Flow, FlowKind } from "./flow.ts";

/** What clients submit, by kind of flow. Its oneof lists the methods that take part. */
export interface Submissions {
  login: LoginSubmission;
  registration: RegistrationSubmission;
  settings: SettingsSubmission;
  recovery: RecoverySubmission;
  verification: VerificationSubmission;
}

type Answer<K extends FlowKind> = Submissions[K]["method"];

/** The methods of one kind of flow: the arms of its submission. */
export type MethodOf<K extends FlowKind> = NonNullable<Answer<K>["case"]>;

/** Every method that the contract knows. */
export type Method = { [K in FlowKind]: MethodOf<K> }[FlowKind];

/** What a client submits by a method. */
export type Input<K extends FlowKind, M extends Method> = Extract<Answer<K>, { case: M }>["value"];

/** Who has proved to be whom. */
export interface Proof {
  readonly identityId: string;
  /** Whether the account may be used; a disabled one is told only to those who proved to own it. */
  readonly active: boolean;
}

/** An address that somebody has shown to be theirs, of this account. */
export interface AddressProof {
  readonly identityId: string;
  readonly via: "email" | "sms";
  readonly address: string;
}

/** What a passed submission of settings makes of an account. */
export interface AccountChange {
  /**
   * The account as it shall be, or what is against it. Runs while nobody else can change the account, and again if the
   * database asks for it: it must not have effects.
   */
  apply(before: IdentityWithCredentialsRow): IdentityWithCredentialsRow | { readonly complaints: readonly Complaint[] };
  /** Where the person has just shown to have what they set up: the assurance that their session takes in. */
  readonly proves?: 1 | 2;
}

/** A credential in the making. */
export interface CredentialDraft {
  readonly type: string;
  readonly identifiers: readonly string[];
  readonly config: Record<string, unknown>;
}

/** What an identity in the making will prove itself with. Its traits are on the flow. */
export interface RegistrationDraft {
  /** Addresses that the person has just shown to be theirs. */
  readonly verified?: readonly Pick<AddressProof, "via" | "address">[];
  readonly credentials: readonly CredentialDraft[];
  /** The id of the identity, where an authenticator knows it already. */
  readonly identityId?: string;
}

/** What a passed submission yields, by flow. */
export interface Results {
  login: Proof;
  registration: RegistrationDraft;
  settings: AccountChange;
  recovery: AddressProof;
  verification: AddressProof;
}

/** Something wrong with a submission; without a node it concerns the whole form. */
export interface Complaint {
  readonly message: Message;
  readonly node?: string;
  readonly group?: string;
}

/** How a strategy judges a submission. */
export type Verdict<Result> =
  | { readonly kind: "passed"; readonly result: Result }
  | { readonly kind: "pending"; readonly page?: Flow["ui"]; readonly failed?: readonly Message[] }
  | { readonly kind: "over"; readonly why: Message }
  | { readonly kind: "rejected"; readonly complaints: readonly Complaint[]; readonly identityId?: string }
  | { readonly kind: "throttled"; readonly waitMs: number; readonly identityId?: string }
  | { readonly kind: "redirected"; readonly url: string };

/** The client has proved what the flow asked for. */
export const pass = <R>(result: R): Verdict<R> => ({ kind: "passed", result });

/** The form goes on: another page, no complaint. */
export const pending: Verdict<never> = { kind: "pending" };

/** The form goes on with this page. */
export const goOn = (page: Flow["ui"]): Verdict<never> => ({ kind: "pending", page });

/** The form goes on with this page, which says by itself what was wrong. */
export const goOnAfterFailure = (page: Flow["ui"]): Verdict<never> => ({ kind: "pending", page, failed: page.messages });

/** The form goes on from where this flow stands now, and says what was wrong. */
export const startOver = (why: Message): Verdict<never> => ({ kind: "pending", failed: [why] });

/** The flow cannot go on: another takes its place, and begins by saying why. */
export const over = (why: Message): Verdict<never> => ({ kind: "over", why });

/** The submission will not do. */
export const reject = (...complaints: Complaint[]): Verdict<never> => ({
  kind: "rejected",
  complaints,
});

/** The submission will not do; the log, and nobody else, is told whom it was about. */
export const rejectFrom = (identityId: string | undefined, ...complaints: Complaint[]): Verdict<never> => ({
  kind: "rejected",
  complaints,
  ...(identityId !== undefined && { identityId }),
});

/** The submission was not looked at: its sender has tried too often. The log alone is told whom it was about. */
export const throttled = (waitMs: number, identityId: string | undefined): Verdict<never> => ({
  kind: "throttled",
  waitMs,
  ...(identityId !== undefined && { identityId }),
});

/** A method's part in one flow: what it shows, and how it judges what comes back. */
export interface Step<K extends FlowKind, M extends Method> {
  render(ctx: Context, flow: Flow): UiNode[] | Promise<UiNode[]>;
  submit(ctx: Context, flow: Flow, input: Input<K, M>): Promise<Verdict<Results[K]>>;
  /** What a submission leaves out that this step cannot do without: told together with what is wrong with the traits. */
  missing?(flow: Flow, input: Input<K, M>): readonly Complaint[];
  /** Takes the first step on its own where the form leaves nothing to choose; undefined where there is a choice. */
  start?(ctx: Context, flow: Flow): Promise<Flow["ui"] | undefined>;
}

/** One authentication method, and its part in each flow. A flow that it takes no part in is left out. */
export type Strategy<M extends Method> = {
  /** The method's name on the wire. */
  readonly name: string;
  /** The assurance that it adds: 1 proves who somebody is, 2 is a second factor. */
  aal(config: Config): 1 | 2;
  /** Whether it is on, for a kind of flow: some are for one and not for another. */
  enabled(config: Config, kind: FlowKind): boolean;
} & { readonly [K in FlowKind]?: M extends MethodOf<K> ? Step<K, M> : never };

/** The methods that are built, by the name of their arm in the contract, in the order in which forms show them. */
export type Strategies = { readonly [M in Method]?: Strategy<M> };
