import type { DescMethodUnary, DescService } from "@bufbuild/protobuf";
import { CourierService } from "#gen/ostiary/admin/v1/courier_service_pb.js";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { LoginTestService } from "#gen/ostiary/admin/v1/login_test_service_pb.js";
import { MetadataService } from "#gen/ostiary/admin/v1/metadata_service_pb.js";
import { RecoveryService as AdminRecoveryService } from "#gen/ostiary/admin/v1/recovery_service_pb.js";
import { SessionService as AdminSessionService } from "#gen/ostiary/admin/v1/session_service_pb.js";
import { FedCmService } from "#gen/ostiary/public/v1/fed_cm_service_pb.js";
import { FlowErrorService } from "#gen/ostiary/public/v1/flow_error_service_pb.js";
import { LoginService } from "#gen/ostiary/public/v1/login_service_pb.js";
import { LogoutService } from "#gen/ostiary/public/v1/logout_service_pb.js";
import { OidcService } from "#gen/ostiary/public/v1/oidc_service_pb.js";
import { RecoveryService } from "#gen/ostiary/public/v1/recovery_service_pb.js";
import { RegistrationService } from "#gen/ostiary/public/v1/registration_service_pb.js";
import { SchemaService } from "#gen/ostiary/public/v1/schema_service_pb.js";
import { SessionService } from "#gen/ostiary/public/v1/session_service_pb.js";
import { SettingsService } from "#gen/ostiary/public/v1/settings_service_pb.js";
import { VerificationService } from "#gen/ostiary/public/v1/verification_service_pb.js";
import { WellKnownService } from "#gen/ostiary/public/v1/well_known_service_pb.js";

const methodsOf = (...services: DescService[]) =>
  services.flatMap(({ methods }) => methods.filter(({ methodKind }) => methodKind === "unary") as DescMethodUnary[]);

/** Every call of one message, as the contract knows them, by the port that serves it. Streams have stories of their own. */
export const contract: Readonly<Record<"public" | "admin", readonly DescMethodUnary[]>> = {
  public: methodsOf(
    ...[LoginService, RegistrationService, SettingsService, RecoveryService, VerificationService, LogoutService],
    ...[SessionService, SchemaService, FlowErrorService, WellKnownService, OidcService, FedCmService],
  ),
  admin: methodsOf(
    IdentityService,
    AdminSessionService,
    AdminRecoveryService,
    CourierService,
    LoginTestService,
    MetadataService,
  ),
};
