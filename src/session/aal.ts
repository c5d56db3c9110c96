import type { SessionMethod } from "./entities.ts";

/** The assurance of a list of methods: a first and a second factor together make 2, anything else 1, nothing 0. */
export function assuranceOf(methods: readonly SessionMethod[]): 0 | 1 | 2 {
  if (methods.length === 0) return 0;
  const federated = methods.some(({ method, aal }) => aal === "aal2" && (method === "oidc" || method === "saml"));
  const first = methods.some(({ aal }) => aal === "aal1");
  const second = methods.some(({ aal }) => aal === "aal2");
  return federated || (first && second) ? 2 : 1;
}
