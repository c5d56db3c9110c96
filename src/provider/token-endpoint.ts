import { allowInsecureRequests, ClientSecretPost, customFetch } from "oauth4webapi";
import { genericTokenEndpointRequest } from "oauth4webapi";
import type { ClientAuth } from "oauth4webapi";
import { inStep } from "./provider-step.ts";
import { asObject, fetchFor } from "./http.ts";
import type { Json, OutboundContext } from "./http.ts";
import type { ProviderConfig, UpstreamTokens } from "./provider.ts";

/** Where a client asks for tokens, and how it proves there who it is. */
export interface TokenEndpoint {
  readonly url: string;
  /** Where the secret stands (RFC 6749, section 2.3.1); in the body unless said otherwise. */
  readonly secretIn?: "header" | "body";
  readonly secret: string;
}

/** What a token endpoint has answered. */
export interface TokenAnswer extends Json {
  readonly access_token: string;
}

/** That a token endpoint gives out none, and by which word it says so (RFC 6749, section 5.2). */
export class TokenRefusal extends Error {
  readonly error: string | undefined;

  constructor(message: string, error: string | undefined) {
    super(message);
    this.error = error;
  }
}

/** Asks for tokens by a grant. */
export function askForTokens(
  ctx: OutboundContext,
  { client_id }: ProviderConfig,
  { url, secretIn = "body", secret }: TokenEndpoint,
  grant: string,
  parameters: Readonly<Record<string, string>>,
): Promise<TokenAnswer> {
  return inStep("token_exchange", async () => {
    const prove = secretIn === "header" ? byHeader(secret) : ClientSecretPost(secret);
    const server = { issuer: url, token_endpoint: url };
    // Plain HTTP is for providers on one's own machine.
    const calls = { [customFetch]: fetchFor(ctx), [allowInsecureRequests]: true };
    return readTokens(
      await genericTokenEndpointRequest(
        server,
        { client_id },
        prove,
        grant,
        parameters as Record<string, string>,
        calls,
      ),
    );
  });
}

/**
 * Proves who a client is by a header (RFC 6749, section 2.3.1). The library writes letters of the encoding that need none,
 * as - and _, by their numbers as well, which not all providers read.
 */
const byHeader =
  (secret: string): ClientAuth =>
  (_server, { client_id: id }, _body, headers) =>
    headers.set("authorization", `Basic ${Buffer.from(`${asForm(id)}:${asForm(secret)}`).toString("base64")}`);

const asForm = (text: string): string => new URLSearchParams({ "": text }).toString().slice(1);

/** Reads an answer with tokens. Throws if there is none among them, and says nothing of the others. */
export async function readTokens(answer: Response): Promise<TokenAnswer> {
  const body = parse(await answer.text(), answer.headers.get("content-type") ?? "");
  const { error, error_description: description, access_token: token } = body;
  // Some tell of errors by 200.
  if (answer.status > 299 || error !== undefined)
    throw new TokenRefusal(
      `It responded with status ${answer.status}: ${[error, description].filter(isText).join(", ").slice(0, 500)}`,
      isText(error) ? error : undefined,
    );
  if (!isText(token) || !token) throw new Error("It returned no access token.");
  return { ...body, access_token: token };
}

const isText = (value: unknown): value is string => typeof value === "string";

function parse(text: string, type: string): Json {
  const isForm =
    /^(?:application\/x-www-form-urlencoded|text\/plain)\b/.test(type) && !text.trimStart().startsWith("{");
  return isForm ? Object.fromEntries(new URLSearchParams(text)) : asObject(JSON.parse(text), "It");
}

/** The tokens of an answer. */
export function tokensOf({ now }: OutboundContext, answer: TokenAnswer): UpstreamTokens {
  const { access_token, id_token, refresh_token, scope } = answer;
  const lasts = Number(answer["expires_in"] ?? Number.NaN);
  return {
    access_token,
    ...(isText(id_token) && id_token && { id_token }),
    ...(isText(refresh_token) && refresh_token && { refresh_token }),
    ...(lasts > 0 && Number.isFinite(lasts) && { expires_at: now().getTime() + lasts * 1000 }),
    ...(isText(scope) && scope && { scope }),
  };
}
