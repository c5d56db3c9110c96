/** One method by which somebody proved to be who they are, as the session remembers it. */
export interface AuthenticationMethod {
  readonly method: string;
  readonly aal: "aal1" | "aal2";
  /** RFC 3339. */
  readonly completed_at: string;
  readonly provider?: string;
  readonly organization?: string;
  readonly upstream_acr?: string;
  readonly upstream_amr?: readonly string[];
}

/** The assurance of a list of methods: a first and a second factor together make 2, anything else 1, nothing 0. */
export function assuranceOf(methods: readonly AuthenticationMethod[]): 0 | 1 | 2 {
  if (methods.length === 0) return 0;
  const federated = methods.some(
    ({ method, aal }) => aal === "aal2" && (method === "oidc" || method === "saml"),
  );
  const first = methods.some(({ aal }) => aal === "aal1");
  const second = methods.some(({ aal }) => aal === "aal2");
  return federated || (first && second) ? 2 : 1;
}
