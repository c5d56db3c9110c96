import { html, nothing } from "./html.ts";
import type { Html } from "./html.ts";
import { askJson } from "./view.ts";
import type { View } from "./view.ts";

/** A session, as far as pages show it. */
export interface Session {
  readonly id: string;
  readonly active: boolean;
  readonly expires_at?: string;
  readonly authenticated_at?: string;
  readonly authentication_methods?: readonly { readonly method: string }[];
  /** Who acts in it in place of its person, if anybody does. */
  readonly act?: { readonly reason: string };
  readonly devices?: readonly {
    readonly ip_address?: string;
    readonly user_agent?: string;
    readonly location?: string;
  }[];
  readonly identity?: {
    readonly id: string;
    readonly traits: Readonly<Record<string, unknown>>;
    readonly verifiable_addresses?: readonly {
      readonly value: string;
      readonly verified: boolean;
      readonly via: string;
    }[];
  };
}

const asked = new WeakMap<View, Promise<Session | undefined>>();

/** Who is signed in, if anybody is. It is asked once for a page. */
export function sessionOf(view: View): Promise<Session | undefined> {
  const known = asked.get(view);
  if (known) return known;
  const session = askJson<Session>(view, { path: "sessions/whoami" }).then(({ body }) => body);
  asked.set(view, session);
  return session;
}

/** What people go by: an address, a name, or whatever text their profile has first. */
export function nameOfPerson({ identity }: Session): string {
  const traits = identity?.traits ?? {};
  const named = traits["email"] ?? traits["username"] ?? identity?.verifiable_addresses?.[0]?.value;
  const any = named ?? Object.values(traits).find((value) => typeof value === "string");
  return typeof any === "string" ? any : (identity?.id ?? "");
}

/** Where signing out leads: a page of ours that says that it is done. */
export async function logoutUrl(view: View): Promise<string | undefined> {
  const { body } = await askJson<{ readonly logout_url: string }>(view, { path: "self-service/logout/browser" });
  if (!body) return undefined;
  const url = new URL(body.logout_url);
  url.searchParams.set("return_to", new URL("ui/signed-out", view.site.baseUrl).href);
  return url.href;
}

/** Signs out whoever would rather be somebody else. */
export async function logoutLink(view: View, key: string): Promise<Html> {
  const url = await logoutUrl(view);
  return url === undefined ? nothing : html`<p class="otherwise"><a href="${url}">${view.words.text(key)}</a></p>`;
}
