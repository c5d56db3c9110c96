import { hinted, list, text, unlessFit } from "../setting.ts";
import { keyDomain, keyOrigin } from "./formats.ts";

/** A method of keys needs to know who asks for them. */
export const needsParty = (method: {
  readonly enabled: boolean;
  readonly config: { readonly rp?: unknown };
}): string | undefined => (method.enabled && !method.config.rp ? "needs config.rp, for it is enabled" : undefined);

/** Said of a domain that is none. */
export const noDomain = unlessFit(keyDomain, "no browser will make a key for it");
/** Said of an origin that is none. */
export const noOrigin = unlessFit(keyOrigin, "no browser will ask for a key from there");

/** Who may ask for a key. */
export const origins = list(
  "Origins that may ask for a key; without one, the domain itself.",
  hinted(text("An origin."), noOrigin),
);

interface Party {
  readonly id: string;
  readonly origin?: string | undefined;
  readonly origins: readonly string[];
}

/** Browsers let a page ask for keys of its own host, or of a domain above it (WebAuthn L3, 5.1.2). */
export function foreignOrigin({ id, origin, origins: more }: Party): string | undefined {
  const hosts = (origin ? [origin, ...more] : more)
    .filter((one) => URL.canParse(one) && /^https?:/i.test(one))
    .map((one) => new URL(one).hostname);
  if (!keyDomain.pattern!.test(id)) return undefined;
  const foreign = hosts.find((host) => host !== id && !host.endsWith(`.${id}`));
  return foreign && `takes keys of ${id}, for which browsers do not let pages of ${foreign} ask`;
}
