import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { DescEnumValue, DescFile, DescMethod, DescMessage } from "@bufbuild/protobuf";
import { getOption, hasOption } from "@bufbuild/protobuf";
import { http } from "#gen/google/api/annotations_pb.js";
import type { HttpRule } from "#gen/google/api/http_pb.js";
import { access } from "#gen/ostiary/access/v1/access_pb.js";
import { discriminator, error as answer, field as shape, method as call } from "#gen/ostiary/rest/v1/rest_pb.js";
import { ErrorReasonSchema } from "#gen/ostiary/type/v1/error_reason_pb.js";
import * as submissions from "#gen/ostiary/type/v1/submission_pb.js";
import { UiNodeAttributesSchema, UiNodeType, UiNodeTypeSchema } from "#gen/ostiary/type/v1/ui_pb.js";

/** What Kratos clients call: package, operation, verb, path. */
const operations = `
public GetWellKnownChangePassword GET /.well-known/change-password
public GetWebAuthnJavaScript GET /.well-known/ory/webauthn.js
admin ListCourierMessages GET /admin/courier/messages
admin GetCourierMessage GET /admin/courier/messages/{id}
admin ListIdentities GET /admin/identities
admin BatchPatchIdentities PATCH /admin/identities
admin CreateIdentity POST /admin/identities
admin GetIdentityByExternalID GET /admin/identities/by/external/{external_id}
admin DeleteIdentity DELETE /admin/identities/{id}
admin GetIdentity GET /admin/identities/{id}
admin PatchIdentity PATCH /admin/identities/{id}
admin UpdateIdentity PUT /admin/identities/{id}
admin DeleteIdentityCredentials DELETE /admin/identities/{id}/credentials/{type}
admin DeleteIdentitySessions DELETE /admin/identities/{id}/sessions
admin ListIdentitySessions GET /admin/identities/{id}/sessions
admin CreateRecoveryCodeForIdentity POST /admin/recovery/code
admin CreateRecoveryLinkForIdentity POST /admin/recovery/link
admin ListSessions GET /admin/sessions
admin ManageSessions POST /admin/sessions
admin DisableSession DELETE /admin/sessions/{id}
admin GetSession GET /admin/sessions/{id}
admin ExtendSession PATCH /admin/sessions/{id}/extend
admin CreateTestLoginFlow POST /admin/test-login-flows
public ListIdentitySchemas GET /schemas
public GetIdentitySchema GET /schemas/{id}
public GetFlowError GET /self-service/errors
public CreateFedcmFlow GET /self-service/fed-cm/parameters
public UpdateFedcmFlow POST /self-service/fed-cm/token
public UpdateLoginFlow POST /self-service/login
public CreateNativeLoginFlow GET /self-service/login/api
public CreateBrowserLoginFlow GET /self-service/login/browser
public GetLoginFlow GET /self-service/login/flows
public DeleteTestLoginFlow DELETE /self-service/login/test
public UpdateLogoutFlow GET /self-service/logout
public PerformNativeLogout DELETE /self-service/logout/api
public CreateBrowserLogoutFlow GET /self-service/logout/browser
public UpdateRecoveryFlow POST /self-service/recovery
public CreateNativeRecoveryFlow GET /self-service/recovery/api
public CreateBrowserRecoveryFlow GET /self-service/recovery/browser
public GetRecoveryFlow GET /self-service/recovery/flows
public UpdateRegistrationFlow POST /self-service/registration
public CreateNativeRegistrationFlow GET /self-service/registration/api
public CreateBrowserRegistrationFlow GET /self-service/registration/browser
public GetRegistrationFlow GET /self-service/registration/flows
public UpdateSettingsFlow POST /self-service/settings
public CreateNativeSettingsFlow GET /self-service/settings/api
public CreateBrowserSettingsFlow GET /self-service/settings/browser
public GetSettingsFlow GET /self-service/settings/flows
public UpdateVerificationFlow POST /self-service/verification
public CreateNativeVerificationFlow GET /self-service/verification/api
public CreateBrowserVerificationFlow GET /self-service/verification/browser
public GetVerificationFlow GET /self-service/verification/flows
public DisableMyOtherSessions DELETE /sessions
public ListMySessions GET /sessions
public ExchangeSessionToken GET /sessions/token-exchange
public ToSession GET /sessions/whoami
public DisableMySession DELETE /sessions/{id}
admin GetVersion GET /version`
  .trim()
  .split("\n");

const ids = [
  "session_refresh_required",
  "self_service_flow_expired",
  "self_service_flow_disabled",
  "browser_location_change_required",
  "self_service_flow_replaced",
  "session_already_available",
  "session_verified_address_required",
  "session_aal_already_fulfilled",
  "session_aal1_required",
  "session_aal2_required",
  "session_inactive",
  "self_service_flow_return_to_forbidden",
  "security_identity_mismatch",
  "identity_disabled",
  "security_csrf_violation",
];

const methods = [
  "code",
  "deviceauthn",
  "identifier_first",
  "link",
  "lookup_secret",
  "oidc",
  "passkey",
  "password",
  "profile",
  "saml",
  "totp",
  "webauthn",
];

interface Rpc {
  readonly pkg: "public" | "admin";
  readonly method: DescMethod;
}

const rpcs = (await Promise.all([rpcsOf("public"), rpcsOf("admin")])).flat();
const bindings = rpcs.flatMap(({ pkg, method }) => rulesOf(method).map((rule) => ({ pkg, method, rule })));
const submissionSchemas = Object.values(submissions).filter(
  (value): value is Extract<typeof value, DescMessage> => value.kind === "message",
);

describe("the contract", () => {
  it("gives every operation of Kratos a call, on its listener and at its address", () => {
    const bound = new Set(bindings.map(({ pkg, method, rule }) => `${pkg} ${method.name} ${route(rule)}`));
    assert.deepEqual(
      operations.filter((operation) => !bound.has(operation)),
      [],
    );
  });

  it("has no calls beyond those operations, but for the way back from providers and what Kratos lacks", () => {
    const named = new Set(operations.map((operation) => operation.split(" ", 2).join(" ")));
    const more = rpcs.map(({ pkg, method }) => `${pkg} ${method.name}`).filter((name) => !named.has(name));
    const tenants = ["ListTenants", "GetTenant", "CreateTenant", "UpdateTenant", "DeleteTenant"];
    const mappers = ["TryMapper"];
    const development = ["ListMessages", "WaitForMessage", "ExplainLogin", "ExamineServer", "SeedPeople"];
    const impersonation = ["GetImpersonation", "CreateImpersonation"];
    const life = ["GetStatistics", "ExportIdentity", "CancelIdentityDeletion", "ImportIdentities"];
    const operation = ["GetConfiguration", "ListConfiguredSchemas", "ListFlows", "ListFlowErrors"];
    const events = ["ListEvents", "GetEvent", "ListChainEntries", "WatchEvents"];
    const providers = ["List#s", "Get#", "Create#", "Replace#", "Delete#", "Test#", "Get#Token"].map((name) =>
      name.replace("#", "Provider"),
    );
    const keys = ["Create#", "List#s", "Get#", "Update#", "Rotate#", "Revoke#"].map((name) =>
      name.replace("#", "ApiKey"),
    );
    const invitations = ["Create#", "List#s", "Get#", "Revoke#", "Resend#"].map((name) =>
      name.replace("#", "Invitation"),
    );
    const subscriptions = [
      "Create#",
      "List#s",
      "Get#",
      "Update#",
      "Delete#",
      "Rotate#Secret",
      "Pause#",
      "Resume#",
      "Test#",
    ]
      .map((name) => name.replace("#", "Subscription"))
      .concat(["ListDeliveries", "GetDelivery", "ReplayDelivery", "ReplayEvents"]);
    const clients = ["Create#", "List#s", "Get#", "Set#", "Patch#", "Delete#"].map((name) =>
      name.replace("#", "OAuth2Client"),
    );
    const administrators = ["ListAdministrators", "GrantAdministrator", "RevokeAdministrator"];
    const console = ["GetConsoleSession", "BeginConsoleSignIn", "CompleteConsoleSignIn", "EndConsoleSession"];
    const ours = [
      ...tenants,
      ...mappers,
      ...operation,
      ...events,
      ...life,
      ...development,
      ...providers,
      ...keys,
      ...invitations,
      ...subscriptions,
      ...clients,
      ...administrators,
      ...impersonation,
      ...console,
    ].map((name) => `admin ${name}`);
    const open = [
      "HandleOidcCallback",
      "RotateSession",
      "GetSessionKeys",
      "HandOverConsoleSignIn",
      "BeginImpersonation",
      "ExportAccount",
      "GetDeletion",
      "ScheduleDeletion",
      "CancelDeletion",
      "GetConsentRequest",
      "AnswerConsentRequest",
      "ListApplications",
      "RevokeApplication",
    ].map((name) => `public ${name}`);
    assert.deepEqual(more.toSorted(), [...ours, ...open].toSorted());
  });

  it("binds no route twice on one listener", () => {
    // A stream is told from a call by what its client accepts.
    const routes = bindings.map(({ pkg, rule, method }) => `${pkg} ${method.methodKind} ${route(rule)}`);
    assert.deepEqual(
      routes.filter((each, at) => routes.indexOf(each) !== at),
      [],
    );
  });

  it("takes submissions by GET as well, for links in mails", () => {
    const routes = new Set(bindings.map(({ pkg, rule }) => `${pkg} ${route(rule)}`));
    for (const flow of ["login", "registration", "settings", "recovery", "verification"])
      assert.ok(routes.has(`public GET /self-service/${flow}`), flow);
  });

  it("names fields that exist in paths, bodies and answers, and never all of a request as the body", () => {
    for (const { method, rule } of bindings) {
      const inputs = method.input.fields.map(({ name }) => name);
      const outputs = method.output.fields.map(({ name }) => name);
      for (const [, name] of route(rule).matchAll(/\{([^}]+)\}/g)) assert.ok(inputs.includes(name!), route(rule));
      if (rule.body) assert.ok(inputs.includes(rule.body), `${method.name}: body ${rule.body}`);
      if (rule.responseBody) assert.ok(outputs.includes(rule.responseBody), `${method.name}: ${rule.responseBody}`);
    }
  });

  it("says of each call of the admin API which scope it takes, or that it is open", () => {
    const silent = rpcs.filter(({ pkg, method }) => pkg === "admin" && !hasOption(method, access));
    assert.deepEqual(
      silent.map(({ method }) => method.name),
      [],
      "see proto/ostiary/access/v1/access.proto",
    );
  });

  it("answers calls without content by 204", () => {
    for (const { method } of rpcs) {
      if (hasOption(method, call) && getOption(method, call).status === 204)
        assert.deepEqual(method.output.fields, [], method.name);
    }
  });

  it("tells every error's code, status and message", () => {
    for (const value of ErrorReasonSchema.values.slice(1)) {
      const { code, httpStatus, message } = getOption(value, answer);
      assert.ok(code >= 1 && code <= 16, `${value.name}: code ${code}`);
      assert.ok(httpStatus >= 400 && httpStatus <= 599, `${value.name}: status ${httpStatus}`);
      assert.match(message, /^[A-Z].*\.$/, value.name);
    }
  });

  it("knows every error id of Kratos", () => {
    const known = new Set(ErrorReasonSchema.values.map((value: DescEnumValue) => getOption(value, answer).id));
    assert.deepEqual(
      ids.filter((id) => !known.has(id)),
      [],
    );
  });

  it("registers the twelve methods as arms of the submissions", () => {
    const arms = submissionSchemas.flatMap(({ oneofs }) => oneofs.flatMap(({ fields }) => fields));
    assert.deepEqual([...new Set(arms.map(({ name }) => name))].sort(), methods);
    for (const { oneofs } of submissionSchemas) {
      const arm = oneofs.find(({ name }) => name === "method")!;
      assert.equal(getOption(arm, discriminator), "method");
    }
  });

  it("lets a button pick one method, never two", () => {
    for (const schema of submissionSchemas) {
      const buttons = schema.oneofs.flatMap(({ fields }) =>
        fields.flatMap(({ message }) =>
          message!.fields.filter((each) => hasOption(each, shape) && getOption(each, shape).selects),
        ),
      );
      const names = buttons.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length, schema.name);
    }
  });

  it("names the arms of a node's attributes as the types of nodes", () => {
    const types = UiNodeTypeSchema.values.filter(({ number }) => number !== UiNodeType.UNSPECIFIED);
    assert.deepEqual(
      UiNodeAttributesSchema.oneofs[0]!.fields.map(({ name }) => name),
      types.map(({ localName }) => localName.toLowerCase()),
    );
  });

  it("says in a comment what everything is, and obeys the rules of buf", () => {
    const buf = fileURLToPath(new URL("../node_modules/.bin/buf", import.meta.url));
    execFileSync(buf, ["lint"], { cwd: fileURLToPath(new URL("..", import.meta.url)), stdio: "pipe" });
  });
});

async function rpcsOf(pkg: "public" | "admin"): Promise<Rpc[]> {
  const folder = new URL(`../gen/ostiary/${pkg}/v1/`, import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith("_service_pb.js"));
  const modules = await Promise.all(names.map((name) => import(new URL(name, folder).href)));
  return modules
    .flatMap((module: Record<string, DescFile>) => Object.values(module).filter(({ kind }) => kind === "file"))
    .flatMap(({ services }) => services.flatMap((service) => service.methods.map((method) => ({ pkg, method }))));
}

function rulesOf(method: DescMethod): HttpRule[] {
  const rule = getOption(method, http);
  return [rule, ...rule.additionalBindings];
}

function route({ pattern }: HttpRule): string {
  assert.ok(pattern.case && pattern.case !== "custom");
  return `${pattern.case.toUpperCase()} ${pattern.value}`;
}
