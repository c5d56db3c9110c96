import { AuthenticatorAssuranceLevel } from "@ostiary/sdk/gen/ostiary/type/v1/session_pb.js";
import { clients } from "./clients.ts";
import { element } from "./draw.ts";

/** Says who is signed in and how, and lets them sign out. */
export async function who(): Promise<HTMLElement[]> {
  const { session } = await clients.session.toSession({}).catch(() => ({ session: undefined }));
  if (!session) return [element("p", { id: "who" }, "nobody")];
  const signOut = element("button", { id: "logout" }, "Sign out");
  signOut.addEventListener("click", async () => {
    const { logoutToken } = await clients.logout.createBrowserLogoutFlow({});
    await clients.logout.updateLogoutFlow({ token: logoutToken });
    location.reload();
  });
  const { identity, authenticatorAssuranceLevel: level, authenticationMethods } = session;
  return [
    element("p", { id: "who" }, String(identity?.traits?.["email"])),
    element("p", { id: "level" }, AuthenticatorAssuranceLevel[level].toLowerCase()),
    element("p", { id: "methods" }, authenticationMethods.map(({ method }) => method).join(" ")),
    signOut,
  ];
}
