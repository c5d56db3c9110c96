import { ConnectError, createClient } from "@connectrpc/connect";
import { AdministratorService } from "./gen/ostiary/admin/v1/administrator_service_pb.js";
import { ApiKeyService } from "./gen/ostiary/admin/v1/api_key_service_pb.js";
import { ConfigurationService } from "./gen/ostiary/admin/v1/configuration_service_pb.js";
import { ConsoleService } from "./gen/ostiary/admin/v1/console_service_pb.js";
import { CourierService } from "./gen/ostiary/admin/v1/courier_service_pb.js";
import { DoctorService } from "./gen/ostiary/admin/v1/doctor_service_pb.js";
import { FlowService } from "./gen/ostiary/admin/v1/flow_service_pb.js";
import { IdentityService } from "./gen/ostiary/admin/v1/identity_service_pb.js";
import { InboxService } from "./gen/ostiary/admin/v1/inbox_service_pb.js";
import { InvitationService } from "./gen/ostiary/admin/v1/invitation_service_pb.js";
import { LoginExplanationService } from "./gen/ostiary/admin/v1/login_explanation_service_pb.js";
import { LoginTestService } from "./gen/ostiary/admin/v1/login_test_service_pb.js";
import { MapperService } from "./gen/ostiary/admin/v1/mapper_service_pb.js";
import { MetadataService } from "./gen/ostiary/admin/v1/metadata_service_pb.js";
import { ProviderService } from "./gen/ostiary/admin/v1/provider_service_pb.js";
import { RecoveryService as AdminRecoveryService } from "./gen/ostiary/admin/v1/recovery_service_pb.js";
import { SessionService as AdminSessionService } from "./gen/ostiary/admin/v1/session_service_pb.js";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/google/rpc/error_details_pb.js";
import { SeedService } from "./gen/ostiary/admin/v1/seed_service_pb.js";
import { TenantService } from "./gen/ostiary/admin/v1/tenant_service_pb.js";
import { FedCmService } from "./gen/ostiary/public/v1/fed_cm_service_pb.js";
import { FlowErrorService } from "./gen/ostiary/public/v1/flow_error_service_pb.js";
import { LoginService } from "./gen/ostiary/public/v1/login_service_pb.js";
import { LogoutService } from "./gen/ostiary/public/v1/logout_service_pb.js";
import { OidcService } from "./gen/ostiary/public/v1/oidc_service_pb.js";
import { RecoveryService } from "./gen/ostiary/public/v1/recovery_service_pb.js";
import { RegistrationService } from "./gen/ostiary/public/v1/registration_service_pb.js";
import { SchemaService } from "./gen/ostiary/public/v1/schema_service_pb.js";
import { SessionService } from "./gen/ostiary/public/v1/session_service_pb.js";
import { SettingsService } from "./gen/ostiary/public/v1/settings_service_pb.js";
import { VerificationService } from "./gen/ostiary/public/v1/verification_service_pb.js";
import { WellKnownService } from "./gen/ostiary/public/v1/well_known_service_pb.js";
import { ErrorReason, ErrorReasonSchema } from "./gen/ostiary/type/v1/error_reason_pb.js";
import {
  LoginFlowSchema,
  RecoveryFlowSchema,
  RegistrationFlowSchema,
  SettingsFlowSchema,
  VerificationFlowSchema,
} from "./gen/ostiary/type/v1/flow_pb.js";
import { ProblemSchema } from "./gen/ostiary/type/v1/problem_pb.js";

export { ErrorReason };

const publicServices = {
  login: LoginService,
  registration: RegistrationService,
  settings: SettingsService,
  recovery: RecoveryService,
  verification: VerificationService,
  logout: LogoutService,
  session: SessionService,
  schema: SchemaService,
  flowError: FlowErrorService,
  wellKnown: WellKnownService,
  fedCm: FedCmService,
  oidc: OidcService,
};

const adminServices = {
  identity: IdentityService,
  session: AdminSessionService,
  configuration: ConfigurationService,
  courier: CourierService,
  doctor: DoctorService,
  flow: FlowService,
  inbox: InboxService,
  seed: SeedService,
  recovery: AdminRecoveryService,
  invitation: InvitationService,
  loginExplanation: LoginExplanationService,
  loginTest: LoginTestService,
  mapper: MapperService,
  provider: ProviderService,
  metadata: MetadataService,
  tenant: TenantService,
  apiKey: ApiKeyService,
  administrator: AdministratorService,
  console: ConsoleService,
};

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
