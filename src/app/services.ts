import { administratorService } from "../api/admin/administrator-service.ts";
import { apiKeyService } from "../api/admin/api-key-service.ts";
import { consoleService } from "../api/admin/console-service.ts";
import { configurationService } from "../api/admin/configuration-service.ts";
import { courierService } from "../api/admin/courier-service.ts";
import { eventService } from "../api/admin/event-service.ts";
import { flowService } from "../api/admin/flow-service.ts";
import { identityService } from "../api/admin/identity-service.ts";
import { mapperService } from "../api/admin/mapper-service.ts";
import { loginExplanationService } from "../api/admin/login-explanation-service.ts";
import { loginTestService } from "../api/admin/login-test-service.ts";
import { doctorService } from "../api/admin/doctor-service.ts";
import { impersonationService } from "../api/admin/impersonation-service.ts";
import { inboxService } from "../api/admin/inbox-service.ts";
import { invitationService } from "../api/admin/invitation-service.ts";
import { metadataService } from "../api/admin/metadata-service.ts";
import { oauth2ClientService } from "../api/admin/oauth2-client-service.ts";
import { recoveryService as adminRecoveryService } from "../api/admin/recovery-service.ts";
import { sessionService as adminSessionService } from "../api/admin/session-service.ts";
import { providerService } from "../api/admin/provider-service.ts";
import { seedService } from "../api/admin/seed-service.ts";
import { statisticsService } from "../api/admin/statistics-service.ts";
import { subscriptionService } from "../api/admin/subscription-service.ts";
import { tenantService } from "../api/admin/tenant-service.ts";
import { accountService } from "../api/public/account-service.ts";
import { applicationService } from "../api/public/application-service.ts";
import { consoleService as consoleHandoverService } from "../api/public/console-service.ts";
import { fedCmService } from "../api/public/fed-cm-service.ts";
import { flowErrorService } from "../api/public/flow-error-service.ts";
import { impersonationService as impersonationLinkService } from "../api/public/impersonation-service.ts";
import { loginFlows, loginService } from "../api/public/login-service.ts";
import { logoutService } from "../api/public/logout-service.ts";
import { recoveryService } from "../api/public/recovery-service.ts";
import { oidcService } from "../api/public/oidc-service.ts";
import { registrationFlows, registrationService } from "../api/public/registration-service.ts";
import { schemaService } from "../api/public/schema-service.ts";
import { sessionService } from "../api/public/session-service.ts";
import { settingsFlows, settingsService } from "../api/public/settings-service.ts";
import { verificationService } from "../api/public/verification-service.ts";
import { wellKnownService } from "../api/public/well-known-service.ts";
import type { Strategies } from "../flow/strategy.ts";
import { scopesOf } from "../server/access-demand.ts";
import type { Service } from "../server/dispatch.ts";
import { strategies as built } from "../strategies/index.ts";
import { enginesOf } from "./engines.ts";

/** The services of the public port over these methods. */
function publicServices(strategies: Strategies = built): Service[] {
  const engines = enginesOf(strategies);
  const login = loginFlows(engines.login);
  const registration = registrationFlows(engines.registration);
  const settings = settingsFlows(engines.settings);
  return [
    loginService(login),
    registrationService(registration),
    settingsService(settings),
    recoveryService(engines.recovery),
    verificationService(engines.verification),
    logoutService,
    sessionService,
    schemaService,
    flowErrorService,
    wellKnownService,
    oidcService({ login, registration, settings }),
    fedCmService(engines.login, login),
    consoleHandoverService,
    impersonationLinkService,
    accountService,
    applicationService,
  ];
}

/** The services of the admin port over these methods; `leaving` is aborted when the server is about to go. */
function adminServices(strategies: Strategies = built, leaving = new AbortController().signal): Service[] {
  const scopes = (): readonly string[] => (known ??= scopesOf(services.map(({ desc }) => desc)));
  let known: readonly string[] | undefined;
  const services = [
    identityService,
    adminSessionService,
    adminRecoveryService,
    invitationService,
    courierService,
    inboxService(leaving),
    metadataService,
    statisticsService,
    configurationService,
    flowService,
    eventService(leaving),
    subscriptionService,
    mapperService,
    tenantService,
    providerService,
    oauth2ClientService,
    loginExplanationService,
    seedService,
    // Loaded by those who ask for it: it reads the list of public suffixes.
    doctorService(async (ctx) => (await import("../doctor/examine-server.ts")).examineServer(ctx)),
    loginTestService(enginesOf(strategies).login),
    apiKeyService(scopes),
    administratorService,
    consoleService(scopes),
    impersonationService,
  ];
  return services;
}

/** What each port serves. */
export const servicesOf = { public: publicServices, admin: adminServices } as const;
