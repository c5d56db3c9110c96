import { Struct } from "#go-template";
import { builtInLocale } from "./message.ts";
import type { Mail, TemplateData } from "./message.ts";
import type { TemplateType } from "../config/template-types.ts";

/** The fields of all templates, in Go's words, and where they are in the data. */
const names: Readonly<Record<string, string>> = {
  To: "to",
  Identity: "identity",
  RequestURL: "request_url",
  RequestURLDomain: "request_url_domain",
  TransientPayload: "transient_payload",
  ExpiresInMinutes: "expires_in_minutes",
  RecoveryURL: "recovery_url",
  RecoveryCode: "recovery_code",
  VerificationURL: "verification_url",
  VerificationCode: "verification_code",
  LoginCode: "login_code",
  RegistrationCode: "registration_code",
  Traits: "traits",
  ChangedAt: "changed_at",
  AddedAt: "added_at",
  DeletedAt: "deleted_at",
  CancelURL: "cancel_url",
  InvitationURL: "invitation_url",
  ExpiresAt: "expires_at",
  SiteName: "site_name",
  Subject: "subject",
  Body: "body",
  HTMLBody: "html_body",
};

const everywhere = ["To", "Locale", "RequestURL", "TransientPayload"];
const known = ["Identity", "ExpiresInMinutes"];
const inCodes = [...known, "OAuth2LoginRequest", "RequestURLDomain"];

const fieldsOf: Readonly<Record<TemplateType, readonly string[]>> = {
  recovery_valid: ["RecoveryURL", ...known],
  recovery_invalid: [],
  recovery_code_valid: ["RecoveryCode", ...known, "RequestURLDomain"],
  recovery_code_invalid: [],
  verification_valid: ["VerificationURL", ...known, "OAuth2LoginRequest"],
  verification_invalid: [],
  verification_code_valid: ["VerificationCode", "VerificationURL", ...inCodes],
  verification_code_invalid: [],
  login_code_valid: ["LoginCode", ...inCodes],
  registration_code_valid: ["RegistrationCode", "Traits", ...inCodes],
  verifiable_address_changed: ["ChangedAt", "Identity"],
  authenticator_key_added: ["AddedAt", "Identity"],
  deletion_scheduled: ["DeletedAt", "CancelURL", "Identity"],
  invitation_valid: ["InvitationURL", "ExpiresAt", "SiteName", "Traits", "RequestURLDomain"],
  stub: ["Subject", "Body", "HTMLBody"],
};

/** What a template of this kind of message can show. */
export function templateFields({ templateType, data }: Pick<Mail, "templateType" | "data">): Struct {
  const fields: Record<string, unknown> = {};
  for (const name of [...everywhere, ...fieldsOf[templateType]]) fields[name] = valueOf(name, data);
  return new Struct(fields);
}

function valueOf(name: string, data: TemplateData): unknown {
  if (name === "OAuth2LoginRequest") return inGo(data.oauth2_login_request);
  if (name === "Locale") return data.locale ?? builtInLocale;
  const value = data[names[name]!] ?? null;
  return name.endsWith("At") && typeof value === "string" ? new Date(value) : value;
}

interface LoginRequest {
  readonly challenge?: string;
  readonly client?: Readonly<Record<string, unknown>>;
}

/** The one value with a form of its own in Go. */
function inGo(request: unknown): unknown {
  if (typeof request !== "object" || request === null) return null;
  const { challenge, client = {} } = request as LoginRequest;
  const {
    client_id: ClientID,
    client_name: ClientName,
    client_uri: ClientURI,
    logo_uri: LogoURI,
    metadata: Metadata,
  } = client;
  return { Challenge: challenge, Client: { ClientID, ClientName, ClientURI, LogoURI, Metadata } };
}
