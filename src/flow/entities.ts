import { defineEntity, p } from "@mikro-orm/core";
import { identified, instant, json, uuid } from "../db/columns.ts";
import { Identity } from "../identity/entities.ts";
import type { FlowKind, Form } from "./flow.ts";

const FlowSchema = defineEntity({
  name: "Flow",
  tableName: "flows",
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
    identityId: () =>
      p
        .manyToOne(Identity)
        .mapToPk()
        .strictNullable()
        .onCreate(() => null as never)
        .name("identity_id")
        .deleteRule("cascade")
        .index("flows_identity_id_index"),
    organizationId: uuid().strictNullable(),
    identitySchema: p.string().length(255).strictNullable(),
    oauth2LoginChallenge: p.text().strictNullable().name("oauth2_login_challenge"),
    sessionTokenExchangeCode: p.string().length(64).strictNullable().hidden(),
    ui: json<Form>(),
    internal: json<Record<string, unknown>>().hidden(),
    submitCount: p.integer().default(0),
    challengesSpent: p.integer().default(0),
    issuedAt: instant(),
    expiresAt: instant().index("flows_expires_at_index"),
  },
});

/** One run through a self-service flow, as it is stored: the row behind the interface of the same name. */
export class Flow extends FlowSchema.class {}
FlowSchema.setClass(Flow);

const FlowErrorSchema = defineEntity({
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
export class FlowError extends FlowErrorSchema.class {}
FlowErrorSchema.setClass(FlowError);
