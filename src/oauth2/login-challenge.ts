import type { Call, Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { AuthorizationServer, LoginRequest } from "./authorization-server.ts";
import { embedded } from "./embedded/embedded.ts";
import { hydra } from "./hydra/hydra.ts";

/** The authorization server that people are signed in for; undefined where there is none. */
function authorizationServer({ config }: Context): AuthorizationServer | undefined {
  const { mode } = config.oauth2_provider;
  return mode === "hydra" ? hydra : mode === "embedded" ? embedded : undefined;
}

/** The same. Throws MISCONFIGURED where a challenge comes all the same. */
export function requireAuthorizationServer(ctx: Context): AuthorizationServer {
  const server = authorizationServer(ctx);
  if (server) return server;
  throw problem(ErrorReason.MISCONFIGURED, {
    reason:
      "The request has a login_challenge, but this server signs people in for no OAuth 2.0 server: see oauth2_provider.",
  });
}

/**
 * The challenge that a browser came with; undefined where it came with none. Throws MISCONFIGURED where there is nobody
 * whose challenge it could be, and BAD_REQUEST where it is empty.
 */
export function acceptableChallenge(ctx: Context, challenge: string | undefined): string | undefined {
  if (challenge === undefined) return undefined;
  requireAuthorizationServer(ctx);
  if (challenge === "") throw problem(ErrorReason.BAD_REQUEST, { reason: "The parameter login_challenge is empty." });
  return challenge;
}

const asked = Symbol("what the authorization server waits for");

interface Asked {
  readonly challenge: string;
  readonly answer: Promise<LoginRequest>;
  /** The answer, once it is there. */
  request?: LoginRequest;
}

type Remembering = Call & { [asked]?: Asked };

/** What a challenge stands for. A call asks once, however many of its parts want to know. */
export async function loginRequestOf(ctx: Context, challenge: string): Promise<LoginRequest> {
  const call = ctx.call as Remembering;
  if (call[asked]?.challenge !== challenge)
    call[asked] = { challenge, answer: requireAuthorizationServer(ctx).getLoginRequest(ctx, challenge) };
  const memory = call[asked];
  return (memory.request = await memory.answer);
}

/** The same, as far as the call has asked already: for where nobody can wait, as in a transaction. */
export function knownLoginRequest({ call }: Context, challenge: string | null): LoginRequest | undefined {
  const memory = (call as Remembering)[asked];
  return memory?.challenge === challenge ? memory?.request : undefined;
}
