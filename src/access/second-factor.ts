import type { Config } from "../config/config.ts";
import type { SessionRow } from "../session/statements.ts";

/** Ways that are as good as two factors: what somebody has, unlocked by what they know or are. */
const strongAlone: ReadonlySet<string> = new Set(["passkey"]);

/** Whether a session has proved as much as the console asks of administrators. */
export const isProvedEnough = ({ console }: Pick<Config, "console">, { aal, methods }: SessionRow): boolean =>
  !console.require_second_factor || aal >= 2 || methods.some(({ method }) => strongAlone.has(method));
