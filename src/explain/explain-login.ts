import type { Context } from "../context.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { schemasOf } from "../schema/schemas.ts";
import { errorMessage } from "../text/error-message.ts";
import { findDemands } from "./demands.ts";
import { findAccount } from "./find-account.ts";
import type { FoundAccount } from "./find-account.ts";
import { type Finding, worstFirst } from "./finding.ts";
import { findMessageFaults } from "./messages.ts";
import { explainMethods } from "./methods.ts";
import type { ExplainedMethod } from "./methods.ts";

/** Why somebody can sign in, or cannot. */
export interface LoginExplanation {
  readonly canSignIn: boolean;
  /** The answer in a sentence. */
  readonly summary: string;
  readonly found?: FoundAccount;
  readonly findings: readonly Finding[];
  readonly methods: readonly ExplainedMethod[];
}

/**
 * Explains whether somebody can sign in now, and what is in the way. It only looks: no guess is spent, nothing is sent.
 *
 * @example
 * const { canSignIn, findings } = await explainLogin(ctx, "ada@example.org");
 */
export async function explainLogin(ctx: Context, identifier: string): Promise<LoginExplanation> {
  const found = await findAccount(ctx, identifier);
  if (!found) return nobody(ctx);
  const { account } = found;
  const methods = await explainMethods(ctx, account);
  const findings = worstFirst([
    ...ofAccount(found),
    ...(await ofSchema(ctx, account)),
    ...ofMethods(methods),
    ...findDemands(ctx, account, methods),
    ...(await findMessageFaults(ctx, account)),
  ]);
  const [first] = findings;
  const canSignIn = first?.severity !== "error";
  const ways = methods.filter(({ factor, usable }) => factor === 1 && usable).map(({ method }) => method);
  const summary = canSignIn ? `They can sign in by ${ways.join(", ")}.` : `They cannot sign in. ${first.reason}`;
  return { canSignIn, summary, found, findings, methods };
}

function nobody({ config }: Context): LoginExplanation {
  const { registration } = config.selfservice.flows;
  const finding: Finding = {
    aspect: "account",
    severity: "error",
    reason: "Nobody has this identifier, address or id in this tenant.",
    cure: registration.by_invitation_only
      ? "Look for a slip in it, invite the person (only those who were invited may sign up), or ask another tenant (x-tenant)."
      : registration.enabled
        ? "Look for a slip in it; the person can sign up, or belongs to another tenant (x-tenant)."
        : "Look for a slip in it, create the account (registration is switched off), or ask another tenant (x-tenant).",
  };
  return { canSignIn: false, summary: finding.reason, findings: [finding], methods: [] };
}

function ofAccount({ account, foundBy, isTyped }: FoundAccount): Finding[] {
  const how = foundBy.join(", ") || "name";
  const findings: Finding[] = [
    isTyped
      ? { aspect: "account", severity: "ok", reason: `The account is found by what was typed (${how}).` }
      : {
          aspect: "account",
          severity: "warning",
          reason: `The account is found by ${how} alone: whoever types that to sign in is not found.`,
          cure: 'The schema says what names people: "ory.sh/kratos": {"credentials": {"password": {"identifier": true}}}.',
        },
    account.state === "active"
      ? { aspect: "state", severity: "ok", reason: "The account is active." }
      : {
          aspect: "state",
          severity: "error",
          reason: "The account is disabled (state inactive).",
          cure: "Set its state to active: PATCH /admin/identities/{id}.",
        },
  ];
  if (account.organizationId)
    findings.push({
      aspect: "organization",
      severity: "note",
      reason: `The account belongs to the organization ${account.organizationId}.`,
    });
  return findings;
}

async function ofSchema(ctx: Context, { schemaId }: IdentityWithCredentialsRow): Promise<Finding[]> {
  try {
    await schemasOf(ctx).get(schemaId);
    return [];
  } catch (error) {
    return [
      {
        aspect: "schema",
        severity: "warning",
        reason: `The schema ${schemaId} of the account cannot be used: ${errorMessage(error)}`,
        cure: "Configure it in identity.schemas, or give the account another schema.",
      },
    ];
  }
}

function ofMethods(methods: readonly ExplainedMethod[]): Finding[] {
  const first = methods.filter(({ factor }) => factor === 1);
  if (first.some(({ usable }) => usable)) return [];
  const blocked = first.find(({ enabled, setUp }) => enabled && setUp) ?? first.find(({ setUp }) => setUp) ?? first[0];
  const cure = blocked?.cure ?? "Switch a method on (selfservice.methods).";
  const why = blocked ? ` ${blocked.method}: ${blocked.reason}` : "";
  return [{ aspect: "method", severity: "error", reason: `No method can prove who they are now.${why}`, cure }];
}
