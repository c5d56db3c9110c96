/** Who calls the admin API by a credential: what they may do, and for whom. */
export interface Principal {
  readonly kind: "api_key" | "administrator" | "certificate";
  /** Of the key, or of the identity that administers. */
  readonly id?: string;
  /** The name of a certificate, as the configuration has it. */
  readonly name?: string;
  /** In which session an administrator has signed in to the console. */
  readonly sessionId?: string;
  /** What they may do; `identities.*` stands for all that begins so, `*.read` for all that ends so, `*` for everything. */
  readonly scopes: readonly string[];
  /** The tenant that the credential belongs to. */
  readonly tenantId: string;
  /** Whether it is good for all tenants. */
  readonly allTenants: boolean;
}
