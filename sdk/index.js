import { ConnectError, createClient } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/google/rpc/error_details_pb.js";
import { ErrorReason, ErrorReasonSchema } from "./gen/ostiary/type/v1/error_reason_pb.js";
import {
  LoginFlowSchema,
  RecoveryFlowSchema,
  RegistrationFlowSchema,
  SettingsFlowSchema,
  VerificationFlowSchema,
} from "./gen/ostiary/type/v1/flow_pb.js";
import { ProblemSchema } from "./gen/ostiary/type/v1/problem_pb.js";
import { adminServices, publicServices } from "./services.js";

export { ErrorReason };

const clientsOf = (services, transport) =>
  Object.fromEntries(Object.entries(services).map(([name, service]) => [name, createClient(service, transport)]));

export const createPublicClients = (transport) => clientsOf(publicServices, transport);

export const createAdminClients = (transport) => clientsOf(adminServices, transport);

export const withSessionToken = (token) => (next) => async (request) => {
  const now = typeof token === "function" ? await token() : token;
  if (now) request.header.set("x-session-token", now);
  return next(request);
};

export const withApiKey = (key) => (next) => async (request) => {
  request.header.set("authorization", `Bearer ${typeof key === "function" ? await key() : key}`);
  return next(request);
};

const flowSchemas = [
  LoginFlowSchema,
  RegistrationFlowSchema,
  SettingsFlowSchema,
  RecoveryFlowSchema,
  VerificationFlowSchema,
];

const reasonPrefix = "ERROR_REASON_";

function reasonOf(error) {
  const info = error.findDetails(ErrorInfoSchema).find(({ domain }) => domain === "ostiary");
  if (!info) return ErrorReason.UNSPECIFIED;
  // A server newer than this package may know reasons that are not listed here.
  const known = ErrorReasonSchema.values.find(({ name }) => name === reasonPrefix + info.reason);
  return known?.number ?? ErrorReason.UNSPECIFIED;
}

function flowOf(error) {
  for (const schema of flowSchemas) {
    const [flow] = error.findDetails(schema);
    if (flow) return flow;
  }
  return undefined;
}

export class OstiaryError extends Error {
  constructor(error) {
    super(error.rawMessage, { cause: error });
    this.name = "OstiaryError";
    this.code = error.code;
    this.reason = reasonOf(error);
    this.problem = error.findDetails(ProblemSchema)[0];
    this.flow = flowOf(error);
    this.violations = error.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations);
    this.retryAfterMs = retryDelayMs(error);
  }

  static from(thrown) {
    return thrown instanceof OstiaryError ? thrown : new OstiaryError(ConnectError.from(thrown));
  }

  is(reason) {
    return this.reason === reason;
  }
}

function retryDelayMs(error) {
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  if (delay) return Number(delay.seconds) * 1000 + Math.ceil(delay.nanos / 1e6);
  const seconds = Number(error.metadata.get("retry-after"));
  return seconds > 0 ? seconds * 1000 : undefined;
}
