import type { OutgoingAuth, OutgoingRequest } from "../config/outgoing-config.ts";

/** The headers of a configured call, in lower case: JSON unless the operator says otherwise, and the credentials. */
export const headersOf = ({ headers, auth }: Pick<OutgoingRequest, "headers" | "auth">): Record<string, string> => ({
  "content-type": "application/json",
  ...lowerCased(headers),
  ...credentials(auth),
});

const lowerCased = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function credentials(auth: OutgoingAuth | undefined): Record<string, string> {
  if (auth?.type === "basic_auth") {
    const { user, password } = auth.config;
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
  }
  if (auth?.type !== "api_key") return {};
  const { name, value, in: place } = auth.config;
  return place === "header" ? { [name.toLowerCase()]: value } : { cookie: `${name}=${value}` };
}
