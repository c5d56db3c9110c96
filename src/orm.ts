import { AdministratorSchema, ApiKeySchema, ConsoleSessionSchema, ImpersonationLinkSchema } from "./access/entities.ts";
import { CodeSchema } from "./code/entities.ts";
import { CacheInvalidationSchema, CacheLeaseSchema } from "./coherence/entities.ts";
import { CourierDispatchSchema, CourierMessageSchema } from "./courier/entities.ts";
import { EventCounterSchema, EventSchema } from "./events/entities.ts";
import { FlowSchema, FlowErrorSchema, SessionTokenExchangeSchema } from "./flow/entities.ts";
import {
  AddressSchema,
  CredentialSchema,
  CredentialIdentifierSchema,
  CredentialKeySchema,
  IdentityImportSchema,
  IdentitySchema,
} from "./identity/entities.ts";
import { InvitationSchema } from "./invitation/entities.ts";
import { OAuth2ClientSchema, OAuth2ObjectSchema } from "./oauth2/embedded/entities.ts";
import { OidcProviderSchema } from "./provider/entities.ts";
import { SessionSchema, SessionDeviceSchema } from "./session/entities.ts";
import { GaugeSchema, HourlyCountSchema, IdentityTotalSchema } from "./statistics/entities.ts";
import { SubscriptionDeliverySchema, SubscriptionQueueSchema, SubscriptionSchema } from "./subscription/entities.ts";
import { SigningKeySchema, TenantHostSchema, TenantSchema } from "./tenant/entities.ts";
import { ThrottleSchema } from "./throttle/entities.ts";

/** Every entity there is: what a database is opened with. */
export const entities = [
  TenantSchema,
  TenantHostSchema,
  IdentitySchema,
  CredentialSchema,
  CredentialIdentifierSchema,
  CredentialKeySchema,
  AddressSchema,
  IdentityImportSchema,
  CodeSchema,
  SessionSchema,
  SessionDeviceSchema,
  FlowSchema,
  FlowErrorSchema,
  SessionTokenExchangeSchema,
  CourierMessageSchema,
  CourierDispatchSchema,
  ThrottleSchema,
  EventSchema,
  EventCounterSchema,
  HourlyCountSchema,
  IdentityTotalSchema,
  GaugeSchema,
  OidcProviderSchema,
  SigningKeySchema,
  OAuth2ClientSchema,
  OAuth2ObjectSchema,
  ApiKeySchema,
  AdministratorSchema,
  ConsoleSessionSchema,
  InvitationSchema,
  ImpersonationLinkSchema,
  SubscriptionSchema,
  SubscriptionQueueSchema,
  SubscriptionDeliverySchema,
  CacheLeaseSchema,
  CacheInvalidationSchema,
];
