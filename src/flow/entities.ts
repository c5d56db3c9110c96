import { defineEntity, p } from "@mikro-orm/core";
import { between, goesWith, identified, instant, json, oneOf, uuid } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";
import { IdentitySchema } from "../identity/entities.ts";
import { SessionSchema } from "../session/entities.ts";
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
    exchangeCodeHash: p.string().length(64).strictNullable().hidden(),
    testProvider: p.string().length(255).strictNullable(),
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

/** Describes the table `session_token_exchanges`. */
export const SessionTokenExchangeSchema = defineEntity({
  name: "SessionTokenExchange",
  tableName: "session_token_exchanges",
  uniques: [{ name: "session_token_exchanges_nid_init_code_hash_unique", properties: ["nid", "initCodeHash"] }],
  indexes: [
    { name: "session_token_exchanges_flow_id_nid_index", properties: ["flowId", "nid"] },
    { name: "session_token_exchanges_session_id_nid_index", properties: ["sessionId", "nid"] },
  ],
  properties: {
    ...identified,
    initCodeHash: p.string().length(64).hidden(),
    returnCodeHash: p.string().length(64).hidden(),
    flowId: uuid(),
    flow: () => goesWith(FlowSchema, "flow_id", "session_token_exchanges"),
    sessionId: uuid().strictNullable(),
    session: () => goesWith(SessionSchema, "session_id", "session_token_exchanges"),
    handedOutAt: instant().strictNullable(),
    // How often a browser has come home.
    round: p.integer().default(0),
    expiresAt: instant().index("session_token_exchanges_expires_at_index"),
  },
});

/**
 * What a native client gets its session by: the code that its flow began with and the one that the browser brings back, of
 * which only the SHA-256 is known, in hex.
 */
export const sessionTokenExchanges = tableOf(SessionTokenExchangeSchema);

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
