import type { CodePurpose } from "../code/entities.ts";
import { discardCodes, issueCode, issueDecoy } from "../code/issue.ts";
import type { CodeKind } from "../code/secret.ts";
import type { Context } from "../context.ts";
import { enqueue, enqueueDecoy } from "../courier/enqueue.ts";
import type { TemplateData } from "../courier/message.ts";
import { linkBase } from "../courier/link-base.ts";
import { uuidv7 } from "../db/id.ts";
import type { AddressKey } from "../identity/address-statements.ts";
import { describeIdentity } from "../identity/describe.ts";
import type { IdentityRow } from "../identity/rows.ts";
import type { Flow } from "../flow/flow.ts";
import { clientAddress } from "../server/client-address.ts";
import { loginRequestOf } from "../oauth2/login-challenge.ts";
import { mailedLogin } from "./mailed-login.ts";
import { limitReached } from "./message-limit.ts";
import type { LimitReached } from "./message-limit.ts";
import { decoyIdentity } from "./decoy-identity.ts";

/** Something to prove an address by, and where it goes. */
export interface Sending {
  readonly purpose: CodePurpose;
  readonly kind: CodeKind;
  /** In their stored form. */
  readonly to: readonly AddressKey[];
  /** Whose they are; undefined where nobody has them, or the account is yet to be made. */
  readonly identity: IdentityRow | undefined;
  /** Whether it goes nowhere: all is done but the sending. */
  readonly withheld?: boolean;
  /** Of an account that is yet to be made. */
  readonly traits?: Record<string, unknown>;
  /** What the submission has brought for the message. */
  readonly transientPayload?: Record<string, unknown> | undefined;
  /** Which sign-in at another server it belongs to, where the flow does not say it. */
  readonly loginChallenge?: string | null;
}

// As many letters as the database has room for: nobody has a longer address, but anybody can type one.
const longestAddress = 512;

const reasons: Readonly<Record<LimitReached, string>> = {
  address:
    "the address has had its share of messages (courier.limits.per_address, per_address_daily): this one is not sent",
  client: "the client has had its share of messages (courier.limits.per_client): this one is not sent",
};

/**
 * Sends a code or a link to each address, in place of those that the flow had sent before. Whether anybody has the
 * address shows nowhere: the database is asked for as much, and only the mailbox tells. False where the address, or the
 * client, has had its share; for an address all is done but the sending.
 */
export async function sendSecret(ctx: Context, flow: Flow, sending: Sending): Promise<boolean> {
  const allowed: AddressKey[] = [];
  const sated: AddressKey[] = [];
  for (const to of sending.to) {
    if (to.value.length > longestAddress) continue;
    const by = await limitReached(ctx, to.value);
    if (!by) allowed.push(to);
    else tellOfLimit(ctx, flow, to, by);
    if (by === "address") sated.push(to);
  }
  // What was sent before goes on working where nothing new is sent.
  await discardCodes(ctx, allowed.length ? flow.id : uuidv7(ctx.now().getTime()), sending.purpose);
  for (const to of allowed) await sendTo(ctx, flow, sending, to);
  // Whoever is written to often has an account: the time that it takes must not tell.
  for (const to of sated) await sendTo(ctx, flow, { ...sending, withheld: true }, to);
  return allowed.length > 0;
}

/** Whoever runs the server learns why nothing comes; whoever asks does not. */
const tellOfLimit = (
  ctx: Context,
  flow: Flow,
  { via: channel, value: recipient }: AddressKey,
  by: LimitReached,
): void =>
  ctx.log.info("courier.limit_reached", {
    flow_id: flow.id,
    channel,
    recipient,
    client: clientAddress(ctx),
    reason: reasons[by],
  });

/** The same, in a transaction of its own. */
export async function sendSecretNow(ctx: Context, flow: Flow, sending: Sending): Promise<boolean> {
  // Whoever is to get a code for a sign-in that nobody waits for any more is told so now.
  if (flow.oauth2LoginChallenge !== null) await loginRequestOf(ctx, flow.oauth2LoginChallenge);
  return ctx.tx((tx) => sendSecret(tx, flow, sending));
}

async function sendTo(ctx: Context, flow: Flow, sending: Sending, to: AddressKey): Promise<void> {
  const { purpose, kind, identity, traits, withheld = false } = sending;
  const { code, link } = ctx.config.selfservice.methods;
  const lifespanMs = (kind === "digits" ? code : link).config.lifespan;
  const request = {
    flowId: flow.id,
    purpose,
    via: to.via,
    address: to.value,
    kind,
    lifespanMs,
    identityId: identity?.id ?? null,
  };
  const mail = { channel: to.via, recipient: to.value };
  const somebody = identity !== undefined || traits !== undefined;
  const real = somebody && !withheld;
  const { secret } = await (real ? issueCode : issueDecoy)(ctx, request);
  const send = withheld ? enqueueDecoy : enqueue;
  if (!somebody && to.via === "email" && notifies(ctx, purpose))
    return send(ctx, { ...mail, templateType: templateOf(sending, "invalid"), data: about(ctx, flow, sending) });
  const whom = somebody ? sending : { ...sending, identity: decoyIdentity(ctx, to) };
  const data = {
    ...about(ctx, flow, whom),
    ...inWords(ctx, flow, sending, to, secret),
    expires_in_minutes: Math.round(lifespanMs / 60_000),
  };
  await (real ? enqueue : enqueueDecoy)(ctx, { ...mail, templateType: templateOf(sending, "valid"), data });
}

function about(ctx: Context, flow: Flow, sending: Sending): TemplateData {
  const { identity, traits, transientPayload = {}, loginChallenge = flow.oauth2LoginChallenge } = sending;
  return {
    ...(identity && { identity: describeIdentity(identity, ctx.config) }),
    // Text messages know the traits of an account in the making by the name of the account.
    ...(traits && { traits, identity: traits }),
    request_url: flow.requestUrl,
    transient_payload: transientPayload,
    ...mailedLogin(ctx, loginChallenge),
  };
}

const notifies = ({ config }: Context, purpose: CodePurpose): boolean =>
  (purpose === "recovery" || purpose === "verification") && config.selfservice.flows[purpose].notify_unknown_recipients;

function templateOf({ purpose, kind }: Sending, fate: "valid" | "invalid") {
  if (purpose === "login" || purpose === "registration") return `${purpose}_code_valid` as const;
  return kind === "digits" ? (`${purpose}_code_${fate}` as const) : (`${purpose}_${fate}` as const);
}

/** The secret, by the names that templates know it by. */
function inWords(
  ctx: Context,
  flow: Flow,
  { purpose, kind }: Sending,
  { via }: AddressKey,
  secret: string,
): TemplateData {
  if (kind === "token") return { [`${purpose}_url`]: secretUrl(ctx, flow, "token", secret) };
  const withLink = purpose === "verification" && via === "email";
  // Programs that were written for Kratos find the code of a text message that recovers an account by this name.
  const kratosName = purpose === "recovery" && via === "sms";
  return {
    [`${purpose}_code`]: secret,
    ...(kratosName && { verification_code: secret }),
    ...(withLink && { verification_url: secretUrl(ctx, flow, "code", secret) }),
  };
}

/** Where a link in a message leads. */
export function secretUrl(
  { config }: Context,
  flow: Pick<Flow, "id" | "kind">,
  name: "token" | "code",
  secret: string,
): string {
  const base = name === "token" ? linkBase(config) : config.serve.public.message_url;
  const url = new URL(`self-service/${flow.kind}`, base);
  url.searchParams.set("flow", flow.id);
  url.searchParams.set(name, secret);
  url.searchParams.sort();
  return url.href;
}
