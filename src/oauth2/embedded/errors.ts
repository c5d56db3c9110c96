import { errors } from "oidc-provider";

// The package has them in one object alone.
export const { InvalidClientMetadata, InvalidGrant, InvalidRequest, InvalidTarget, SessionNotFound } = errors;
