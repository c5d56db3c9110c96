/** Something that a flow says, as the REST API presents it. */
export interface Message {
  readonly id: number;
  readonly text: string;
  readonly type: "info" | "error" | "success";
  readonly context?: Readonly<Record<string, unknown>>;
}

/** A part of a flow's form. */
export interface Node {
  readonly type: string;
  readonly group: string;
  readonly attributes: {
    readonly node_type: string;
    readonly name?: string;
    readonly id?: string;
    readonly type?: string;
    readonly value?: unknown;
    readonly required?: boolean;
    readonly disabled?: boolean;
    readonly autocomplete?: string;
    readonly pattern?: string;
    readonly maxlength?: number;
    readonly options?: readonly { readonly value: unknown; readonly label?: Message }[];
    readonly onclick?: string;
    readonly href?: string;
    readonly title?: Message;
    readonly text?: Message;
    readonly src?: string;
    readonly width?: number;
    readonly height?: number;
    readonly [more: string]: unknown;
  };
  readonly messages: readonly Message[];
  readonly meta: { readonly label?: Message };
}

/** A flow. */
export interface Flow {
  readonly id: string;
  readonly state?: string;
  readonly active?: string;
  readonly refresh?: boolean;
  readonly requested_aal?: string;
  readonly return_to?: string;
  /** The challenge of the OAuth 2.0 server that wants the sign-in. */
  readonly oauth2_login_challenge?: string;
  readonly expires_at: string;
  /** The invitation that a sign-up began by. */
  readonly invitation?: { readonly via: string; readonly address: string };
  readonly ui: {
    readonly action: string;
    readonly method: string;
    readonly nodes: readonly Node[];
    readonly messages?: readonly Message[];
  };
}

/** The kinds of flows that pages show. */
export const kinds = ["login", "registration", "settings", "recovery", "verification"] as const;

/** One of them. */
export type Kind = (typeof kinds)[number];

/** The name of an input, or the id of anything else. */
export const nameOf = ({ attributes }: Node): string => attributes.name ?? attributes.id ?? "";

/** Whether a node is a field that people do not see. */
export const isHidden = ({ attributes }: Node): boolean => attributes.type === "hidden";

/** Whether a node is a button, which submits the form or starts a script. */
export const isButton = ({ attributes }: Node): boolean =>
  attributes.node_type === "input" && (attributes.type === "submit" || attributes.type === "button");

/** Whether a node is a field that people fill in. */
export const isField = (node: Node): boolean =>
  node.attributes.node_type === "input" && !isHidden(node) && !isButton(node);
