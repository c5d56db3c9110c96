import type { WebHookConfig } from "../config/selfservice-config.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { AccountEdit, HookResult } from "../flow/hook.ts";
import type { Complaint } from "../flow/results.ts";
import type { AddressClaim } from "../identity/addresses.ts";
import { jsonFault } from "../text/json-fault.ts";
import { segmentsOf } from "../text/json-pointer.ts";
import type { OutgoingAnswer } from "../outgoing/request.ts";
import { isObject } from "../schema/limits.ts";

/** A JSON object, of which nobody knows whether its members are what they should be. */
type Said = Readonly<Record<string, unknown>>;

interface SaidOfIdentity {
  readonly traits?: Record<string, unknown>;
  readonly schema_id?: string;
  readonly state?: string;
  readonly metadata_public?: AccountEdit["metadataPublic"];
  readonly metadata_admin?: AccountEdit["metadataAdmin"];
  readonly external_id?: unknown;
  readonly verifiable_addresses?: unknown;
}

/** What a hook that may have its say has said: complaints about what was submitted, or changes to the account. */
export function resultOf(hook: WebHookConfig, { status, body }: OutgoingAnswer): HookResult | undefined {
  if (status >= 400) return { complaints: complaintsIn(hook, parsed(hook, body)) };
  if (status !== 200 || !hook.response.parse) return undefined;
  const { identity } = parsed(hook, body) as { identity?: SaidOfIdentity };
  return identity && typeof identity === "object" ? { edit: editOf(hook, identity) } : undefined;
}

function complaintsIn(hook: WebHookConfig, answer: Said): readonly Complaint[] {
  const said = objectsIn(hook, answer["messages"]);
  const complaints = said.flatMap(({ instance_ptr, messages }) =>
    objectsIn(hook, messages).map((message) => complaint(instance_ptr, message)),
  );
  if (complaints.length === 0) throw answeredBadly(hook, "refused without saying why");
  return complaints;
}

function complaint(pointer: unknown, { id, text, type, context }: Said): Complaint {
  const node = typeof pointer === "string" ? segmentsOf(pointer.replace(/^#?\/?/, "/")).join(".") : "";
  const about = isObject(context) ? { context } : {};
  // Messages are known by whole numbers, by every protocol.
  const number = Number.isSafeInteger(Number(id)) ? Number(id) : 0;
  const message = {
    id: number,
    text: typeof text === "string" ? text : "",
    type: type === "error" ? ("error" as const) : ("info" as const),
    ...about,
  };
  return { message, ...(node && { node }) };
}

/** What is empty stays as it was; an external id can be taken away. */
function editOf(
  hook: WebHookConfig,
  { traits, schema_id, state, metadata_public, metadata_admin, verifiable_addresses, ...rest }: SaidOfIdentity,
): AccountEdit {
  const addresses = objectsIn(hook, verifiable_addresses);
  return {
    ...(traits && { traits }),
    ...(schema_id && { schemaId: schema_id }),
    ...((state === "active" || state === "inactive") && { state }),
    ...(metadata_public != null && { metadataPublic: metadata_public }),
    ...(metadata_admin != null && { metadataAdmin: metadata_admin }),
    ...(rest.external_id !== undefined && { externalId: textIn(hook, rest.external_id) }),
    ...(addresses.length && { verifiableAddresses: addresses.map((address) => claimOf(hook, address)) }),
  };
}

/** A list of objects that may be left out. */
function objectsIn(hook: WebHookConfig, list: unknown): readonly Said[] {
  if (list === undefined || list === null) return [];
  if (Array.isArray(list) && list.every(isObject)) return list;
  throw answeredBadly(hook, "answered with something else where a list of objects is expected");
}

const claimOf = (hook: WebHookConfig, { via, value, verified }: Said): AddressClaim => ({
  via: via === "sms" ? "sms" : "email",
  value: textIn(hook, value),
  verified: verified === true,
});

/** A text that may be left out. */
function textIn(hook: WebHookConfig, text: unknown): string {
  if (typeof text === "string") return text;
  if (text === undefined || text === null) return "";
  throw answeredBadly(hook, "answered with something else where text is expected");
}

function parsed(hook: WebHookConfig, body: Buffer): Said {
  try {
    const answer: unknown = JSON.parse(body.toString("utf8"));
    if (answer && typeof answer === "object" && jsonFault(answer) === undefined) return answer as Said;
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
