import type { Context } from "../context.ts";
import type { Principal } from "../principal.ts";
import type { Asking } from "../server/access-demand.ts";
import { defaultTenant } from "../tenant.ts";
import { isUuid } from "../db/id.ts";
import { sessionCookieOf } from "./console-cookies.ts";
import { signedInBy, type SignedIn } from "./console-session.ts";
import { scopesOfRole } from "./roles.ts";
import { isFromConsole } from "./same-origin.ts";
import type { KeyParts } from "./key-principal.ts";

const signedIn = Symbol("who is signed in to the console");

/** A call that remembers. */
type Remembering = Asking & { [signedIn]?: SignedIn };

/** Who is signed in to the console by the cookie of a call, where that was looked up. */
export const consoleSignInOf = ({ call }: Pick<Context, "call">): SignedIn | undefined =>
  (call as Remembering)[signedIn];

/** Who calls by a session of the console; "forged" where there is one, and another site may have made the call. */
export async function principalOfConsole(
  parts: KeyParts,
  call: Asking,
  changes: boolean,
): Promise<Principal | "forged" | undefined> {
  const cookie = sessionCookieOf({ call });
  if (!cookie || !isUuid(cookie.tenantId)) return undefined;
  if (!isFromConsole(call, changes)) return "forged";
  const tenant = { id: cookie.tenantId.toLowerCase() };
  // A stream is asked for its credential again and again, while nobody does anything.
  const isUse = (call as Remembering)[signedIn] === undefined;
  const found = await signedInBy({ ...parts, tenant }, cookie.secret, isUse);
  if (!found) return undefined;
  (call as Remembering)[signedIn] = found;
  const { session, role } = found;
  return {
    kind: "administrator",
    id: session.identity.id,
    sessionId: session.id,
    scopes: scopesOfRole[role],
    tenantId: tenant.id,
    allTenants: tenant.id === defaultTenant.id,
  };
}
