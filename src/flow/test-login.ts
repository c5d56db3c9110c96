import { createHmac } from "node:crypto";
import type { Context } from "../context.ts";
import { keyFor } from "../crypto/keys.ts";
import { constantTimeEqual } from "../crypto/token.ts";
import { statement } from "../db/statement.ts";
import { assertSameBrowser, csrfHash, ensureCsrfToken } from "./csrf.ts";
import type { Flow } from "./flow.ts";
import { defineMemory, isRecord } from "./memory.ts";

/** What came of a test login. */
export interface StoredTestResult {
  /** Whose it is: SHA-256 of the anti-CSRF token of the browser that came back from the provider, in hex. */
  readonly owner: string;
  /** What that browser is shown. It holds no token. */
  readonly shown: object;
}

/** What came of a test login; nothing as long as nobody has come back from the provider. */
export const storedTestResult = defineMemory(
  "test_login",
  (value): value is StoredTestResult =>
    isRecord(value) && typeof value["owner"] === "string" && isRecord(value["shown"]),
);

/** Whether a flow is a test login of a provider: nobody is signed in by it. */
export const isTestLogin = ({ testProvider }: Pick<Flow, "testProvider">): boolean => testProvider !== null;

/** A flow is for the browser that it belongs to. A test login without a result tells of nobody, and is for whoever knows its id. */
export function assertMaySee(ctx: Context, flow: Flow): void {
  if (!isTestLogin(flow)) return assertSameBrowser(ctx, flow);
  const result = storedTestResult.of(flow);
  if (result) assertSameBrowser(ctx, { ...flow, csrfHash: result.owner });
}

const purpose = "anti-CSRF token of a test login";
const tokenBy = (secret: string, { id }: Pick<Flow, "id">): string =>
  createHmac("sha256", keyFor(purpose, secret)).update(id).digest("base64url");

/** The anti-CSRF token of a test login itself: the administrator who has begun it may have no cookie of the server's. */
export const testLoginToken = ({ config }: Context, flow: Pick<Flow, "id">): string =>
  tokenBy(config.secrets.cookie[0]!, flow);

/** Whether a token is that of the test login, by any secret that is in service. */
export const isTestLoginToken = ({ config }: Context, flow: Pick<Flow, "id">, token: string): boolean =>
  config.secrets.cookie.some((secret) => constantTimeEqual(tokenBy(secret, flow), token));

const claim = statement("claim_test_login", "update flows set csrf_hash = ? where nid = ? and id = ?");

/** Makes a test login the browser's that has submitted it last: that one may come back from the provider. */
export async function claimTestLogin<F extends Flow>(ctx: Context, flow: F): Promise<F> {
  const hash = csrfHash(ensureCsrfToken(ctx));
  await ctx.db.write(claim, [hash, ctx.tenant.id, flow.id]);
  return { ...flow, csrfHash: hash };
}
