import { Code } from "./code/entities.ts";
import { CourierDispatch, CourierMessage } from "./courier/entities.ts";
import { Flow, FlowError } from "./flow/entities.ts";
import {
  Credential,
  CredentialIdentifier,
  CredentialKey,
  Identity,
  RecoveryAddress,
  VerifiableAddress,
} from "./identity/entities.ts";
import { Session, SessionDevice } from "./session/entities.ts";
import { Throttle } from "./throttle/entities.ts";

/** Every entity there is: what a database is opened with. */
export const entities = [
  Identity,
  Credential,
  CredentialIdentifier,
  CredentialKey,
  VerifiableAddress,
  RecoveryAddress,
  Code,
  Session,
  SessionDevice,
  Flow,
  FlowError,
  CourierMessage,
  CourierDispatch,
  Throttle,
];
