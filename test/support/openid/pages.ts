import type { IncomingMessage, ServerResponse } from "node:http";
import type Provider from "oidc-provider";
import { html } from "../form-page.ts";

/** Who signs in at a provider, and what it says of them beside their subject. */
export interface Person {
  readonly subject: string;
  /** By the names of OpenID Connect; `acr` and `amr` say how the person has signed in. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Where a provider shows its pages: one to say who one is, one to allow what a site asks for. */
export const pagesPath = "/interaction/";

/** Draws the page that somebody on the way through the provider needs, or takes what they have said on it. */
export async function showPage(
  provider: Provider,
  people: Map<string, Person>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { prompt, params, grantId, session } = await provider.interactionDetails(req, res);
  if (req.method === "GET") {
    res.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    res.end(prompt.name === "login" ? loginPage() : consentPage(String(params["client_id"]), String(params["scope"])));
    return;
  }
  const said = await formOf(req);
  if (said.get("answer") === "deny")
    return provider.interactionFinished(req, res, {
      error: "access_denied",
      error_description: "The resource owner denied the request",
    });
  if (prompt.name === "login") {
    const { subject, claims = {} } = nameOf(people, said);
    return provider.interactionFinished(req, res, {
      login: {
        accountId: subject,
        ...(typeof claims["acr"] === "string" && { acr: claims["acr"] }),
        ...(Array.isArray(claims["amr"]) && { amr: claims["amr"].map(String) }),
      },
    });
  }
  const grant =
    (grantId && (await provider.Grant.find(grantId))) ||
    new provider.Grant({ accountId: session!.accountId, clientId: String(params["client_id"]) });
  grant.addOIDCScope(String(params["scope"]));
  if (prompt.details["missingOIDCClaims"]) grant.addOIDCClaims(prompt.details["missingOIDCClaims"] as string[]);
  return provider.interactionFinished(
    req,
    res,
    { consent: { grantId: await grant.save() } },
    { mergeWithLastSubmission: true },
  );
}

/** Somebody who is known, or who becomes known with the address that the form gives them. */
function nameOf(people: Map<string, Person>, said: URLSearchParams): Person {
  const subject = said.get("subject") ?? "";
  const known = people.get(subject);
  if (known) return known;
  const person = { subject, claims: { email: said.get("email") || `${subject}@example.org`, email_verified: true } };
  people.set(subject, person);
  return person;
}

async function formOf(req: IncomingMessage): Promise<URLSearchParams> {
  let body = "";
  for await (const chunk of req) body += String(chunk);
  return new URLSearchParams(body);
}

const loginPage = () => html`<!doctype html><title>Sign in at the provider</title>
  <form method="post" id="sign-in">
    <label>Subject <input name="subject" required /></label>
    <label>E-mail <input name="email" /></label>
    <button name="answer" value="allow">Sign in</button>
    <button name="answer" value="deny" formnovalidate>Go back</button>
  </form>`;

const consentPage = (client: string, scope: string) => html`<!doctype html><title>Allow</title>
  <form method="post" id="consent">
    <p>${client} asks for: <span id="scope">${scope}</span></p>
    <button name="answer" value="allow">Allow</button>
    <button name="answer" value="deny">Deny</button>
  </form>`;
