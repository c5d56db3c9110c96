/** The kinds of credentials that an identity may have, as they are named on the wire. */
export const credentialTypes = ["password", "oidc", "totp", "lookup_secret", "webauthn", "code", "passkey", "saml"] as const;

/** A kind of credential. */
export type CredentialType = (typeof credentialTypes)[number];

/** A credential as it is stored: its method alone knows the shape of `config`. Times are milliseconds since 1970. */
export interface CredentialRecord {
  id: string;
  type: string;
  identifiers: string[];
  config: Record<string, unknown>;
  version: number;
  createdAt: number;
  updatedAt: number;
}

/** An address that an identity can show to be its own. */
export interface VerifiableAddressRecord {
  id: string;
  via: "email" | "sms";
  value: string;
  verified: boolean;
  verifiedAt: number | null;
  status: "pending" | "sent" | "completed";
  createdAt: number;
  updatedAt: number;
}

/** An address to which an identity's way back is sent. */
export interface RecoveryAddressRecord {
  id: string;
  via: "email" | "sms";
  value: string;
  createdAt: number;
  updatedAt: number;
}

/** Everything that is stored about an identity, as plain values. Its credentials are there if they were asked for. */
export interface IdentityRecord {
  id: string;
  schemaId: string;
  state: "active" | "inactive";
  stateChangedAt: number | null;
  traits: Record<string, unknown>;
  metadataPublic: unknown;
  metadataAdmin: unknown;
  externalId: string | null;
  organizationId: string | null;
  region: string | null;
  availableAal: number;
  createdAt: number;
  updatedAt: number;
  verifiableAddresses: VerifiableAddressRecord[];
  recoveryAddresses: RecoveryAddressRecord[];
  credentials?: CredentialRecord[];
}
