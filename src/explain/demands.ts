import type { Context } from "../context.ts";
import { hooksAfter, hooksBefore } from "../flow/configured-hooks.ts";
import { availableAal } from "../identity/factors.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import type { Finding } from "./finding.ts";
import type { ExplainedMethod } from "./methods.ts";

/** What is demanded of whoever has proved who they are: second factors, verified addresses, what hooks say. */
export function findDemands(
  ctx: Context,
  account: IdentityWithCredentialsRow,
  methods: readonly ExplainedMethod[],
): Finding[] {
  return [assurance(ctx, account, methods), ...addresses(ctx, account, methods), ...webHooks(ctx, methods)];
}

function assurance(ctx: Context, account: IdentityWithCredentialsRow, methods: readonly ExplainedMethod[]): Finding {
  const aspect = "assurance";
  const seconds = methods.filter(({ factor, setUp }) => factor === 2 && setUp);
  const off = seconds.filter(({ enabled }) => !enabled).map(({ method }) => method);
  const also = off.length ? ` ${off.join(", ")} is set up but switched off, and is not asked for.` : "";
  if (availableAal(ctx.config, account) === 1)
    return { aspect, severity: off.length ? "note" : "ok", reason: `No second factor is asked for.${also}` };
  if (ctx.config.session.whoami.required_aal === "aal1")
    return {
      aspect,
      severity: "ok",
      reason: `The account has a second factor, which session.whoami.required_aal (aal1) does not ask for.${also}`,
    };
  const usable = seconds.filter((one) => one.usable).map(({ method }) => method);
  if (usable.length)
    return {
      aspect,
      severity: "ok",
      reason: `A second factor is asked for, which the account has: ${usable.join(", ")}.${also}`,
    };
  return {
    aspect,
    severity: "error",
    reason: "A second factor is asked for (session.whoami.required_aal), and none can be used now.",
    cure: "See the methods; an administrator can remove a second factor: DELETE /admin/identities/{id}/credentials/{type}.",
  };
}

/** The methods that could open a session now: what follows others matters to nobody. */
const opening = (methods: readonly ExplainedMethod[]) => methods.filter(({ factor, usable }) => factor === 1 && usable);

function addresses(ctx: Context, account: IdentityWithCredentialsRow, methods: readonly ExplainedMethod[]): Finding[] {
  const all = opening(methods);
  const demanding = all.filter(({ method }) => has(ctx, method, "require_verified_address"));
  if (demanding.length === 0) return [];
  const { verifiableAddresses } = account;
  const after = demanding.map(({ method }) => method).join(", ");
  const about = { aspect: "address", reason: `A verified address is demanded after ${after}` };
  if (verifiableAddresses.some(({ verified }) => verified))
    return [{ ...about, severity: "ok", reason: `${about.reason}, which the account has.` }];
  const addressed = verifiableAddresses.length > 0;
  return [
    {
      ...about,
      // Another method may lead past it.
      severity: demanding.length === all.length ? "error" : "warning",
      reason: `${about.reason}, and the account has ${addressed ? "none" : "no address that could be verified"}.`,
      cure: addressed
        ? "The person verifies an address: signing in sends a message. Administrators set verifiable_addresses."
        : 'Mark a trait of the schema: "ory.sh/kratos": {"verification": {"via": "email"}}.',
    },
  ];
}

const has = (ctx: Context, method: string, name: string): boolean =>
  hooksAfter(ctx, "login", method).some(({ hook }) => hook === name);

function webHooks(ctx: Context, methods: readonly ExplainedMethod[]): Finding[] {
  const after = opening(methods).flatMap(({ method }) =>
    hooksAfter(ctx, "login", method).map((hook) => ({ hook, when: `after ${method}` })),
  );
  const before = hooksBefore(ctx, "login").map((hook) => ({ hook, when: "before sign-in" }));
  return [...before, ...after].flatMap(({ hook, when }): Finding[] => {
    if (hook.hook !== "web_hook") return [];
    const { id, url, response, can_interrupt } = hook.config;
    if (response.ignore) return [];
    const name = id ?? new URL(url).origin;
    const may = response.parse || can_interrupt;
    return [
      {
        aspect: "hook",
        severity: "note",
        reason: `The web hook ${name} runs ${when}: ${may ? "it may refuse by its answer, and" : "it"} fails the sign-in where it cannot be reached.`,
        cure: "Look for its failures in the log, or for what it answers.",
      },
    ];
  });
}
