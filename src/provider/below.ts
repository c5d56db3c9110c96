import { failureOf } from "./failing.ts";

/** An address below that of a provider. */
export function below(base: string | undefined, path: string): string {
  if (!base) throw failureOf("callback", undefined, { says: "The provider has no issuer_url.", status: 500 });
  return `${base.replace(/\/$/, "")}/${path}`;
}
