import type { Context } from "../context.ts";
import { credentialKinds, type CredentialType } from "../identity/kinds/index.ts";
import type { CredentialKind, Factor } from "../identity/kinds/kind.ts";
import { providersOf } from "../identity/kinds/linked.ts";
import type { CredentialRow, IdentityWithCredentialsRow } from "../identity/rows.ts";
import { configuredProviders } from "../provider/find-provider.ts";
import { codeStanding, factorStanding, passwordStanding, type Standing } from "../throttle/look.ts";
import { switchOf, thingOf } from "./words.ts";

/** How it stands with a method for an account. */
export interface ExplainedMethod {
  readonly method: CredentialType;
  /** Whether it proves who somebody is, or is the second factor. */
  readonly factor: 1 | 2;
  readonly enabled: boolean;
  readonly setUp: boolean;
  readonly usable: boolean;
  readonly throttledUntil?: Date;
  readonly reason: string;
  readonly cure?: string;
}

/** The methods that are on, or that an account has something for, each in the part that it plays. */
export async function explainMethods(ctx: Context, account: IdentityWithCredentialsRow): Promise<ExplainedMethod[]> {
  const explained: ExplainedMethod[] = [];
  for (const [method, kind] of credentialKinds)
    for (const factor of [1, 2] as const) {
      const part = factor === 1 ? kind.first : kind.second;
      if (!part) continue;
      const held = account.credentials.find((one) => one.type === method);
      const asked = { ctx, account, method, factor, kind, part, held };
      const one = await explainMethod(asked);
      if (one.enabled || one.setUp) explained.push(one);
    }
  return explained;
}

interface Asked {
  readonly ctx: Context;
  readonly account: IdentityWithCredentialsRow;
  readonly method: CredentialType;
  readonly factor: 1 | 2;
  readonly kind: CredentialKind;
  readonly part: Factor;
  readonly held: CredentialRow | undefined;
}

async function explainMethod(asked: Asked): Promise<ExplainedMethod> {
  const { ctx, method, factor, part, held } = asked;
  const { methods } = ctx.config.selfservice;
  const reached = addressesInstead(asked);
  const setUp = (held !== undefined && part.holds(held)) || reached.length > 0;
  const ways = (held && part.holds(held) && part.ways?.(held)) || ["email", "sms"];
  const enabled = ways.some((way) => part.offered(methods, way));
  const about = { method, factor, enabled, setUp };
  if (!enabled)
    return {
      ...about,
      usable: false,
      reason: "The configuration does not let it serve so.",
      cure: switchOf(method, factor),
    };
  if (!setUp) return { ...about, usable: false, ...missing(asked) };
  const lost = method === "oidc" && held ? await lostProviders(ctx, held) : undefined;
  if (lost) return { ...about, usable: false, ...lost };
  const standing = await standingOf(asked, reached.length ? reached : held!.identifiers);
  if (standing.kind === "open") return { ...about, usable: true, reason: `The account has ${thingOf(method)}.` };
  const throttled = { ...about, usable: false, cure: cureOf(method, factor) };
  return standing.kind === "until"
    ? {
        ...throttled,
        throttledUntil: standing.at,
        reason:
          "Too many wrong guesses were made: until then only devices on which the owner has signed in before may try.",
      }
    : { ...throttled, reason: "Too many wrong guesses were made in a row: no more are taken." };
}

/** The addresses that serve where somebody has never had codes, and the configuration lets them. */
function addressesInstead({ ctx, account, method, factor, held }: Asked): readonly string[] {
  const { missing_credential_fallback_enabled: enough } = ctx.config.selfservice.methods.code.config;
  if (method !== "code" || factor !== 1 || !enough || held?.identifiers.length) return [];
  return [...account.verifiableAddresses, ...account.recoveryAddresses].map(({ value }) => value);
}

function missing({ method, factor, held }: Asked): Pick<ExplainedMethod, "reason" | "cure"> {
  if (method === "password" && held?.config["use_password_migration_hook"])
    return {
      reason: "The password is to be checked by a hook that no configuration names.",
      cure: "Import the password's hash, or let the person recover the account.",
    };
  if (method === "password" && held?.config["hashed_password"])
    return {
      reason: "The account has a password, but no trait that is a name to sign in by.",
      cure: 'Mark a trait of the schema: "ory.sh/kratos": {"credentials": {"password": {"identifier": true}}}.',
    };
  const reason = `The account has no ${thingOf(method).replace(/^an? /, "")}.`;
  // A factor that nobody has to have is no fault.
  return factor === 2
    ? { reason }
    : {
        reason,
        cure: "The person sets one up in settings, after recovery for example; administrators import credentials.",
      };
}

async function lostProviders(ctx: Context, held: CredentialRow) {
  const known = new Set((await configuredProviders(ctx)).map(({ id }) => id));
  const linked = providersOf(held);
  if (linked.some((id) => known.has(id))) return undefined;
  return {
    reason: `The account is linked with ${linked.join(", ")}, which is configured no more.`,
    cure: "Configure the provider again by this id (selfservice.methods.oidc.config.providers, or ostiary providers create).",
  };
}

/** Where several names or addresses serve, one that is open is enough. */
async function standingOf({ ctx, account, method, factor, kind }: Asked, names: readonly string[]): Promise<Standing> {
  const open: Standing = { kind: "open" };
  if (factor === 2 && kind.guessable) return factorStanding(ctx, kind.guessable, account.id);
  const look = method === "password" ? passwordStanding : method === "code" ? codeStanding : undefined;
  if (!look) return open;
  const standings: Standing[] = [];
  for (const name of names) standings.push(await look(ctx, name));
  const soonest = standings.toSorted((one, other) => endOf(one) - endOf(other))[0];
  return soonest ?? open;
}

const endOf = (standing: Standing): number =>
  standing.kind === "open" ? 0 : standing.kind === "until" ? standing.at.getTime() : Number.POSITIVE_INFINITY;

function cureOf(method: CredentialType, factor: 1 | 2): string {
  if (method === "password")
    return "Wait, recover the account, or set another password: each lets guesses be taken again.";
  if (factor === 2) return "Use another second factor, or let an administrator send a recovery code.";
  return "Wait, or sign in by something else.";
}
