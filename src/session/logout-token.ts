import type { Context } from "../context.ts";
import { macToken, verifyMacToken } from "../crypto/mac.ts";

const purpose = "logout";

/** The token that ends a session by following a link. It follows from the session's id, so that nothing is stored. */
export const logoutToken = ({ config }: Context, sessionId: string) =>
  `ory_lo_${macToken(purpose, sessionId, config.secrets.cookie[0]!)}`;

/** Whether a token ends this session; tokens of rotated secrets still do. */
export const isLogoutToken = ({ config }: Context, sessionId: string, token: string) =>
  token.startsWith("ory_lo_") &&
  verifyMacToken(purpose, sessionId, token.slice("ory_lo_".length), config.secrets.cookie);
