import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";
import type { UiNode } from "../ui/node.ts";
import type { Attempt } from "./attempt.ts";
import type { Flow, Form, Memory } from "./flow.ts";
import type { FlowKind, Submissions } from "./kinds.ts";
import type { Progress } from "./progress.ts";
import type { Complaint } from "./results.ts";
import type { Callback, Verdict } from "./verdict.ts";

type Answer<K extends FlowKind> = Submissions[K]["method"];

/** The methods of one kind of flow: the arms of its submission. */
export type MethodOf<K extends FlowKind> = NonNullable<Answer<K>["case"]>;

/** Every method that the contract knows. */
export type Method = { [K in FlowKind]: MethodOf<K> }[FlowKind];

/** What a client submits by a method. */
export type Input<K extends FlowKind, M extends Method> = Extract<Answer<K>, { case: M }>["value"];

/** What a method adds to a form, and what the flow remembers of it. */
export interface Remembering {
  readonly nodes: readonly UiNode[];
  readonly memory: Memory;
}

/** What a method adds to a form. */
export type Rendered = readonly UiNode[] | Remembering;

/**
 * A method's part in one kind of flow: what it shows, and how it judges what comes back. It is handed values and returns
 * what changes: flows are stored by others.
 *
 * @example
 * export const login: Step<"login", "password"> = {
 *   render: () => [input("password", "password", { type: "password", required: true })],
 *   async submit(ctx, flow, { identifier, password }) {
 *     const form = withValue(flow.ui, "identifier", identifier);
 *     const account = await ownerOf(identifier, password);
 *     if (!account) return { ...reject({ message: invalidCredentials() }), form };
 *     return { ...pass({ identityId: account.id, active: true, method: provedBy(ctx, flow, "password") }), form };
 *   },
 * };
 */
export interface Step<K extends FlowKind, M extends Method> {
  render(ctx: Context, flow: Flow<K>, attempt: Attempt): Rendered | Promise<Rendered>;
  submit(ctx: Context, flow: Flow<K>, input: Input<K, M>, attempt: Attempt): Promise<Verdict<K>>;
  /** What a submission leaves out that this step cannot do without: told together with what is wrong with the traits. */
  missing?(flow: Flow<K>, input: Input<K, M>): readonly Complaint[];
  /** Another site tells the traits as well: those of a submission are judged together with them, once they are known. */
  readonly traitsLater?: true;
  /** Takes the first step on its own where the form leaves nothing to choose; undefined where there is a choice. */
  start?(ctx: Context, flow: Flow<K>, attempt: Attempt): Promise<(Progress<K> & { readonly form: Form }) | undefined>;
  /**
   * Lets nothing happen by what a browser brings back to a native client that has asked for no code to exchange, until the client
   * submits a code of its own that the browser alone has got.
   */
  readonly requiresReturnCode?: true;
  /** Goes on when the client comes back from where `redirect` has sent it. */
  resume?(ctx: Context, flow: Flow<K>, callback: Callback, attempt: Attempt): Promise<Verdict<K>>;
}

/**
 * One authentication method, and its part in each flow. A flow that it takes no part in is left out.
 *
 * @example
 * export const password: Strategy<"password"> = {
 *   name: "password",
 *   aal: () => 1,
 *   enabled: ({ selfservice }) => selfservice.methods.password.enabled,
 *   login,
 *   settings,
 * };
 */
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

/** A method's part in a kind of flow, whichever method it is. */
export const stepOf = <K extends FlowKind>(strategy: Strategy<Method>, kind: K): Step<K, never> | undefined =>
  strategy[kind] as Step<K, never> | undefined;

/** All methods that are built. */
export const allOf = (strategies: Strategies) => Object.values(strategies) as readonly Strategy<Method>[];
