import { AdministratorService } from "./gen/ostiary/admin/v1/administrator_service_pb.js";
import { ApiKeyService } from "./gen/ostiary/admin/v1/api_key_service_pb.js";
import { ConfigurationService } from "./gen/ostiary/admin/v1/configuration_service_pb.js";
import { ConsoleService } from "./gen/ostiary/admin/v1/console_service_pb.js";
import { CourierService } from "./gen/ostiary/admin/v1/courier_service_pb.js";
import { DoctorService } from "./gen/ostiary/admin/v1/doctor_service_pb.js";
import { EventService } from "./gen/ostiary/admin/v1/event_service_pb.js";
import { FlowService } from "./gen/ostiary/admin/v1/flow_service_pb.js";
import { IdentityService } from "./gen/ostiary/admin/v1/identity_service_pb.js";
import { ImpersonationService as AdminImpersonationService } from "./gen/ostiary/admin/v1/impersonation_service_pb.js";
import { InboxService } from "./gen/ostiary/admin/v1/inbox_service_pb.js";
import { InvitationService } from "./gen/ostiary/admin/v1/invitation_service_pb.js";
import { LoginExplanationService } from "./gen/ostiary/admin/v1/login_explanation_service_pb.js";
import { LoginTestService } from "./gen/ostiary/admin/v1/login_test_service_pb.js";
import { MapperService } from "./gen/ostiary/admin/v1/mapper_service_pb.js";
import { MetadataService } from "./gen/ostiary/admin/v1/metadata_service_pb.js";
import { ProviderService } from "./gen/ostiary/admin/v1/provider_service_pb.js";
import { RecoveryService as AdminRecoveryService } from "./gen/ostiary/admin/v1/recovery_service_pb.js";
import { SeedService } from "./gen/ostiary/admin/v1/seed_service_pb.js";
import { SessionService as AdminSessionService } from "./gen/ostiary/admin/v1/session_service_pb.js";
import { StatisticsService } from "./gen/ostiary/admin/v1/statistics_service_pb.js";
import { OAuth2ClientService } from "./gen/ostiary/admin/v1/oauth2_client_service_pb.js";
import { SubscriptionService } from "./gen/ostiary/admin/v1/subscription_service_pb.js";
import { TenantService } from "./gen/ostiary/admin/v1/tenant_service_pb.js";
import { AccountService } from "./gen/ostiary/public/v1/account_service_pb.js";
import { ApplicationService } from "./gen/ostiary/public/v1/application_service_pb.js";
import { ConsoleService as PublicConsoleService } from "./gen/ostiary/public/v1/console_service_pb.js";
import { FedCmService } from "./gen/ostiary/public/v1/fed_cm_service_pb.js";
import { FlowErrorService } from "./gen/ostiary/public/v1/flow_error_service_pb.js";
import { ImpersonationService } from "./gen/ostiary/public/v1/impersonation_service_pb.js";
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

export const publicServices = {
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
  account: AccountService,
  application: ApplicationService,
  impersonation: ImpersonationService,
  console: PublicConsoleService,
};

export const adminServices = {
  identity: IdentityService,
  session: AdminSessionService,
  configuration: ConfigurationService,
  courier: CourierService,
  doctor: DoctorService,
  event: EventService,
  flow: FlowService,
  impersonation: AdminImpersonationService,
  inbox: InboxService,
  seed: SeedService,
  recovery: AdminRecoveryService,
  invitation: InvitationService,
  loginExplanation: LoginExplanationService,
  loginTest: LoginTestService,
  mapper: MapperService,
  provider: ProviderService,
  metadata: MetadataService,
  statistics: StatisticsService,
  oauth2Client: OAuth2ClientService,
  subscription: SubscriptionService,
  tenant: TenantService,
  apiKey: ApiKeyService,
  administrator: AdministratorService,
  console: ConsoleService,
};
