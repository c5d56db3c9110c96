import type { WebHookConfig } from "../config/selfservice-config.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { AccountEdit, Opinion } from "../flow/hook.ts";
import type { Complaint } from "../flow/strategy.ts";
import type { AddressClaim } from "../identity/addresses.ts";
import { jsonFault } from "../json-fault.ts";
import { segmentsOf } from "../json-pointer.ts";
import type { OutgoingAnswer } from "../outgoing/request.ts";

interface Said {
  readonly instance_ptr?: string;
  readonly messages?: readonly { readonly id?: unknown; readonly text?: unknown; readonly type?: unknown; readonly context?: unknown }[];
}

interface SaidOfIdentity {
  readonly traits?: Record<string, unknown>;
  readonly schema_id?: string;
  readonly state?: string;
  readonly metadata_public?: AccountEdit["metadataPublic"];
  readonly metadata_admin?: AccountEdit["metadataAdmin"];
  readonly external_id?: string | null;
  readonly verifiable_addresses?: readonly { readonly via?: unknown; readonly value?: unknown; readonly verified?: unknown }[];
}

/** What a hook that may have its say has said: complaints about what was submitted, or changes to the account. */
export function opinionOf(hook: WebHookConfig, { status, body }: OutgoingAnswer): Opinion | undefined {
  if (status >= 400) return { complaints: complaintsIn(hook, parsed(hook, body)) };
  if (status !== 200 || !hook.response.parse) return undefined;
  const { identity } = parsed(hook, body) as { identity?: SaidOfIdentity };
  return identity && typeof identity === "object" ? { edit: editOf(identity) } : undefined;
}

function complaintsIn(hook: WebHookConfig, answer: { readonly messages?: unknown }): readonly Complaint[] {
  const said = Array.isArray(answer.messages) ? (answer.messages as readonly Said[]) : [];
  const complaints = said.flatMap(({ instance_ptr, messages = [] }) => messages.map((message) => complaint(instance_ptr, message)));
  if (complaints.length === 0) throw answeredBadly(hook, "refused without saying why");
  return complaints;
}

function complaint(pointer: string | undefined, { id, text, type, context }: NonNullable<Said["messages"]>[number]): Complaint {
  const node = pointer && segmentsOf(pointer.replace(/^#?\/?/, "/")).join(".");
  const about = context && typeof context === "object" ? { context: context as Record<string, unknown> } : {};
  const message = { id: Number(id) || 0, text: String(text ?? ""), type: type === "error" ? ("error" as const) : ("info" as const), ...about };
  return { message, ...(node && { node }) };
}

/** What is empty stays as it was; an external id can be taken away. */
function editOf({ traits, schema_id, state, metadata_public, metadata_admin, verifiable_addresses, ...rest }: SaidOfIdentity): AccountEdit {
  return {
    ...(traits && { traits }),
    ...(schema_id && { schemaId: schema_id }),
    ...((state === "active" || state === "inactive") && { state }),
    ...(metadata_public != null && { metadataPublic: metadata_public }),
    ...(metadata_admin != null && { metadataAdmin: metadata_admin }),
    ...(rest.external_id !== undefined && { externalId: rest.external_id ?? "" }),
    ...(verifiable_addresses?.length && { verifiableAddresses: verifiable_addresses.map(claim) }),
  };
}

const claim = ({ via, value, verified }: { via?: unknown; value?: unknown; verified?: unknown }): AddressClaim =>
  ({ via: via === "sms" ? "sms" : "email", value: String(value ?? ""), verified: verified === true }) as AddressClaim;

function parsed(hook: WebHookConfig, body: Buffer): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(body.toString("utf8"));
    if (answer && typeof answer === "object" && jsonFault(answer) === undefined) return answer as Record<string, unknown>;
  } catch {
    // Told below, as any other answer that cannot be used.
  }
  throw answeredBadly(hook, "answered what is no JSON object that can be kept");
}

/** The error for a hook whose answer cannot be used. */
export const answeredBadly = (hook: WebHookConfig, why: string, cause?: unknown): Error =>
  problem(ErrorReason.HOOK_FAILED, { reason: `${named(hook)} ${why}.`, cause });

/** Clients are not told where operators keep their servers: a hook is known by its id, or not at all. */
export const named = ({ id }: WebHookConfig): string => (id ? `The web hook ${id}` : "A web hook");
