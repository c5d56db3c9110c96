import { isIP } from "node:net";
import type { Config } from "./config.ts";

/** Whether the admin API can be reached from other machines, and asks nobody there who they are. */
export const isAdminExposed = ({ serve: { admin } }: Pick<Config, "serve">): boolean =>
  !admin.authentication.required && !isOfThisMachine(admin.host);

/** Whether only this machine reaches what listens there. */
function isOfThisMachine(host: string): boolean {
  if (host.startsWith("unix:") || host === "localhost") return true;
  return isIP(host) === 6 ? host === "::1" : host.startsWith("127.");
}
