import type { Client, Code, Interceptor, Transport } from "@connectrpc/connect";
import type { BadRequest_FieldViolation } from "./gen/google/rpc/error_details_pb.js";
import type { AdministratorService } from "./gen/ostiary/admin/v1/administrator_service_pb.js";
import type { ApiKeyService } from "./gen/ostiary/admin/v1/api_key_service_pb.js";
import type { ConfigurationService } from "./gen/ostiary/admin/v1/configuration_service_pb.js";
import type { ConsoleService } from "./gen/ostiary/admin/v1/console_service_pb.js";
import type { CourierService } from "./gen/ostiary/admin/v1/courier_service_pb.js";
import type { EventService } from "./gen/ostiary/admin/v1/event_service_pb.js";
import type { FlowService } from "./gen/ostiary/admin/v1/flow_service_pb.js";
import type { ImpersonationService as AdminImpersonationService } from "./gen/ostiary/admin/v1/impersonation_service_pb.js";
import type { InboxService } from "./gen/ostiary/admin/v1/inbox_service_pb.js";
import type { DoctorService } from "./gen/ostiary/admin/v1/doctor_service_pb.js";
import type { IdentityService } from "./gen/ostiary/admin/v1/identity_service_pb.js";
import type { InvitationService } from "./gen/ostiary/admin/v1/invitation_service_pb.js";
import type { LoginExplanationService } from "./gen/ostiary/admin/v1/login_explanation_service_pb.js";
import type { LoginTestService } from "./gen/ostiary/admin/v1/login_test_service_pb.js";
import type { MapperService } from "./gen/ostiary/admin/v1/mapper_service_pb.js";
import type { MetadataService } from "./gen/ostiary/admin/v1/metadata_service_pb.js";
import type { ProviderService } from "./gen/ostiary/admin/v1/provider_service_pb.js";
import type { RecoveryService as AdminRecoveryService } from "./gen/ostiary/admin/v1/recovery_service_pb.js";
import type { SessionService as AdminSessionService } from "./gen/ostiary/admin/v1/session_service_pb.js";
import type { StatisticsService } from "./gen/ostiary/admin/v1/statistics_service_pb.js";
import type { OAuth2ClientService } from "./gen/ostiary/admin/v1/oauth2_client_service_pb.js";
import type { SubscriptionService } from "./gen/ostiary/admin/v1/subscription_service_pb.js";
import type { SeedService } from "./gen/ostiary/admin/v1/seed_service_pb.js";
import type { TenantService } from "./gen/ostiary/admin/v1/tenant_service_pb.js";
import type { AccountService } from "./gen/ostiary/public/v1/account_service_pb.js";
import type { ApplicationService } from "./gen/ostiary/public/v1/application_service_pb.js";
import type { ConsoleService as PublicConsoleService } from "./gen/ostiary/public/v1/console_service_pb.js";
import type { FedCmService } from "./gen/ostiary/public/v1/fed_cm_service_pb.js";
import type { FlowErrorService } from "./gen/ostiary/public/v1/flow_error_service_pb.js";
import type { ImpersonationService } from "./gen/ostiary/public/v1/impersonation_service_pb.js";
import type { LoginService } from "./gen/ostiary/public/v1/login_service_pb.js";
import type { LogoutService } from "./gen/ostiary/public/v1/logout_service_pb.js";
import type { OidcService } from "./gen/ostiary/public/v1/oidc_service_pb.js";
import type { RecoveryService } from "./gen/ostiary/public/v1/recovery_service_pb.js";
import type { RegistrationService } from "./gen/ostiary/public/v1/registration_service_pb.js";
import type { SchemaService } from "./gen/ostiary/public/v1/schema_service_pb.js";
import type { SessionService } from "./gen/ostiary/public/v1/session_service_pb.js";
import type { SettingsService } from "./gen/ostiary/public/v1/settings_service_pb.js";
import type { VerificationService } from "./gen/ostiary/public/v1/verification_service_pb.js";
import type { WellKnownService } from "./gen/ostiary/public/v1/well_known_service_pb.js";
import type {
  LoginFlow,
  RecoveryFlow,
  RegistrationFlow,
  SettingsFlow,
  VerificationFlow,
} from "./gen/ostiary/type/v1/flow_pb.js";
import { ErrorReason } from "./gen/ostiary/type/v1/error_reason_pb.js";
import type { Problem } from "./gen/ostiary/type/v1/problem_pb.js";

export { ErrorReason };

/** One client for each public service. */
export interface PublicClients {
  readonly login: Client<typeof LoginService>;
  readonly registration: Client<typeof RegistrationService>;
  readonly settings: Client<typeof SettingsService>;
  readonly recovery: Client<typeof RecoveryService>;
  readonly verification: Client<typeof VerificationService>;
  readonly logout: Client<typeof LogoutService>;
  readonly session: Client<typeof SessionService>;
  readonly schema: Client<typeof SchemaService>;
  readonly flowError: Client<typeof FlowErrorService>;
  readonly wellKnown: Client<typeof WellKnownService>;
  readonly fedCm: Client<typeof FedCmService>;
  readonly oidc: Client<typeof OidcService>;
  readonly account: Client<typeof AccountService>;
  readonly application: Client<typeof ApplicationService>;
  readonly impersonation: Client<typeof ImpersonationService>;
  readonly console: Client<typeof PublicConsoleService>;
}

/** One client for each admin service. */
export interface AdminClients {
  readonly identity: Client<typeof IdentityService>;
  readonly session: Client<typeof AdminSessionService>;
  readonly configuration: Client<typeof ConfigurationService>;
  readonly courier: Client<typeof CourierService>;
  readonly doctor: Client<typeof DoctorService>;
  readonly event: Client<typeof EventService>;
  readonly flow: Client<typeof FlowService>;
  readonly impersonation: Client<typeof AdminImpersonationService>;
  readonly seed: Client<typeof SeedService>;
  readonly inbox: Client<typeof InboxService>;
  readonly recovery: Client<typeof AdminRecoveryService>;
  readonly invitation: Client<typeof InvitationService>;
  readonly loginExplanation: Client<typeof LoginExplanationService>;
  readonly loginTest: Client<typeof LoginTestService>;
  readonly mapper: Client<typeof MapperService>;
  readonly provider: Client<typeof ProviderService>;
  readonly metadata: Client<typeof MetadataService>;
  readonly statistics: Client<typeof StatisticsService>;
  readonly oauth2Client: Client<typeof OAuth2ClientService>;
  readonly subscription: Client<typeof SubscriptionService>;
  readonly tenant: Client<typeof TenantService>;
  readonly apiKey: Client<typeof ApiKeyService>;
  readonly administrator: Client<typeof AdministratorService>;
  readonly console: Client<typeof ConsoleService>;
}

/**
 * Clients for the public listener, over any Connect transport.
 *
 * @example
 * const { login } = createPublicClients(createConnectTransport({ baseUrl: "https://id.example.org" }));
 * const { flow } = await login.createLoginFlow({ type: FlowType.API });
 */
export declare function createPublicClients(transport: Transport): PublicClients;

/**
 * Clients for the admin listener, over any Connect transport. That listener asks nobody who they are: keep it from the public.
 *
 * @example
 * const { identity } = createAdminClients(createGrpcTransport({ baseUrl: "http://127.0.0.1:4434" }));
 * const created = await identity.createIdentity({
 *   identity: {
 *     schemaId: "person",
 *     traits: { email: "ada@example.org" },
 *     credentials: { password: { config: { password: "correct horse battery" } } },
 *   },
 * });
 */
export declare function createAdminClients(transport: Transport): AdminClients;

/**
 * An interceptor that sends a session's token with every call; a function is asked before each call.
 *
 * @example
 * const transport = createConnectTransport({ baseUrl, interceptors: [withSessionToken(() => store.token)] });
 */
export declare function withSessionToken(
  token: string | (() => string | undefined | Promise<string | undefined>),
): Interceptor;

/**
 * An interceptor that sends a key of the admin API with every call; a function is asked before each call.
 *
 * @example
 * const transport = createGrpcTransport({ baseUrl, interceptors: [withApiKey(process.env.ADMIN_TOKEN)] });
 */
export declare function withApiKey(key: string | (() => string | Promise<string>)): Interceptor;

/** A flow of any kind. */
export type AnyFlow = LoginFlow | RegistrationFlow | SettingsFlow | RecoveryFlow | VerificationFlow;

/**
 * Why a call failed, in the words of the contract.
 *
 * @example
 * const error = OstiaryError.from(thrown);
 * if (error.is(ErrorReason.SELF_SERVICE_FLOW_EXPIRED)) return beginAgain();
 */
export declare class OstiaryError extends Error {
  /** The error for anything that a client threw. */
  static from(thrown: unknown): OstiaryError;
  private constructor();
  /** The canonical gRPC code. */
  readonly code: Code;
  /** The reason from the catalogue; UNSPECIFIED where the error did not come out of it. */
  readonly reason: ErrorReason;
  /** What the error says beside its reason. */
  readonly problem: Problem | undefined;
  /** The flow whose submission was rejected, with its messages; `$typeName` tells its kind. */
  readonly flow: AnyFlow | undefined;
  /** The fields that break a rule of the contract. */
  readonly violations: readonly BadRequest_FieldViolation[];
  /** How long to wait before a repetition makes sense, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Whether this is the reason. */
  is(reason: ErrorReason): boolean;
}
