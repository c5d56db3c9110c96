import { defineEntity, p } from "@mikro-orm/core";
import { between, goesWith, identified, instant, json, oneOf, uuid } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";
import { IdentitySchema } from "../identity/entities.ts";
import type { Form, Memory, SealedForm } from "./flow.ts";
import { type FlowKind, flowKinds } from "./kinds.ts";

/** Describes the table `flows`. */
export const FlowSchema = defineEntity({
  name: "Flow",
  tableName: "flows",
  indexes: [{ name: "flows_identity_id_nid_index", properties: ["identityId", "nid"] }],
  checks: [
    oneOf("flows", "kind", Object.keys(flowKinds)),
    oneOf("flows", "type", ["api", "browser"]),
    between("flows", "requested_aal", 0, 3),
  ],
  properties: {
    ...identified,
    kind: p.string().length(16).$type<FlowKind>(),
    type: p.string().length(16).$type<"api" | "browser">(),
    state: p.string().length(32),
    active: p.string().length(32).strictNullable(),
    requestUrl: p.text(),
    returnTo: p.text().strictNullable(),
    requestedAal: p.smallint().$type<1 | 2>().default(1),
    refresh: p.boolean().default(false),
    csrfHash: p.string().length(64).strictNullable().hidden(),
    identityId: uuid().strictNullable(),
    identity: () => goesWith(IdentitySchema, "identity_id", "flows"),
    organizationId: uuid().strictNullable(),
    identitySchema: p.string().length(255).strictNullable(),
    oauth2LoginChallenge: p.text().strictNullable().name("oauth2_login_challenge"),
    sessionTokenExchangeCode: p.string().length(64).strictNullable().hidden(),
    ui: json<Form | SealedForm>(),
    memory: json<Memory>().hidden(),
    submitCount: p.integer().default(0),
    challengesSpent: p.integer().default(0),
    issuedAt: instant(),
    expiresAt: instant().index("flows_expires_at_index"),
  },
});

/** One run through a self-service flow, as it is stored: the row behind the interface of the same name. */
export const flows = tableOf(FlowSchema);

/** Describes the table `flow_errors`. */
export const FlowErrorSchema = defineEntity({
  name: "FlowError",
  tableName: "flow_errors",
  properties: {
    ...identified,
    error: json<Record<string, unknown>>(),
    csrfHash: p.string().length(64).strictNullable().hidden(),
    seenAt: instant().strictNullable(),
  },
});

/** An error that a browser was sent away with, kept until the error page asks for it. */
export const flowErrors = tableOf(FlowErrorSchema);
