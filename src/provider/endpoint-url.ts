import { failureOf } from "./provider-step.ts";

/** An address below that of a provider. */
export function endpointUrl(base: string | undefined, path: string): string {
  if (!base) throw failureOf("callback", undefined, { says: "The provider has no issuer_url.", status: 500 });
  return `${base.replace(/\/$/, "")}/${path}`;
}
