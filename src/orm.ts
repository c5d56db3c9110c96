import { Flow, FlowError } from "./flow/entities.ts";
import {
  Credential,
  CredentialIdentifier,
  Identity,
  RecoveryAddress,
  VerifiableAddress,
} from "./identity/entities.ts";
import { Session, SessionDevice } from "./session/entities.ts";

/** Every entity there is: what a database is opened with. */
export const entities = [
  Identity,
  Credential,
  CredentialIdentifier,
  VerifiableAddress,
  RecoveryAddress,
  Session,
  SessionDevice,
  Flow,
  FlowError,
];
