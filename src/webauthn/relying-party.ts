import type { Config } from "../config/config.ts";
import { ErrorReason, problem } from "../errors.ts";

/** Who asks for a key: the domain that keys are bound to, its name, and the pages that may ask. */
export interface RelyingParty {
  readonly id: string;
  readonly name: string;
  readonly origins: readonly string[];
}

/** The relying party of a method. Where no origin is configured, it is the domain itself, by the scheme of the server. */
export function relyingParty(config: Config, method: "webauthn" | "passkey"): RelyingParty {
  const { rp } = config.selfservice.methods[method].config;
  if (!rp) throw problem(ErrorReason.MISCONFIGURED, { reason: `selfservice.methods.${method}.config.rp is missing.` });
  const own = `${new URL(config.serve.public.base_url).protocol}//${rp.id}`;
  return { id: rp.id, name: rp.display_name, origins: rp.origins.length > 0 ? rp.origins.map(asBrowsersSay) : [own] };
}

/** Browsers send an origin without a path, in ASCII; apps of Android send a hash that is no web address. */
const asBrowsersSay = (origin: string) =>
  /^https?:/i.test(origin) && URL.canParse(origin) ? new URL(origin).origin : origin;
