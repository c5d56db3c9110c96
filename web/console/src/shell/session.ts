import type { ConsoleSession } from "#gen/ostiary/admin_calls.js";
import { call, onSignedOut } from "../calls/call.ts";
import { createStore } from "../parts/store.ts";

/** How it stands with who looks at the console. */
export interface Standing {
  /** Who is signed in; nobody where the admin API asks for no credentials and nobody has signed in. */
  readonly session: ConsoleSession | undefined;
  /** Whether the admin API has refused a call for want of a credential. */
  readonly isLockedOut: boolean;
}

/** Who looks at the console. */
export const standing = createStore<Standing>({ session: undefined, isLockedOut: false });

onSignedOut.tell = () => standing.set({ session: undefined, isLockedOut: true });

/** Asks who is signed in. */
export async function lookWho(): Promise<void> {
  try {
    const { answer } = await call("GetConsoleSession", {});
    const { authentication_required: isLocked = false, scopes = [] } = answer;
    // A browser may show a certificate, and needs to sign in nowhere.
    standing.set({ session: answer.identity_id ? answer : undefined, isLockedOut: isLocked && scopes.length === 0 });
  } catch {
    // The calls of the screen tell what is wrong.
  }
}

/** Signs out of the console. */
export async function signOut(): Promise<void> {
  await call("EndConsoleSession", {});
  standing.set({ session: undefined, isLockedOut: standing.get().session?.authentication_required ?? false });
}

/** Where a browser signs in, to come back to where it is. */
export const signInAddress = (): string =>
  `/admin/console/sign-in?return_to=${encodeURIComponent(location.pathname + location.search)}`;

/** Whether the admin port asks for a key: commands then carry one. */
export const needsKey = (): boolean => {
  const { session, isLockedOut } = standing.get();
  return isLockedOut || (session?.authentication_required ?? false);
};
