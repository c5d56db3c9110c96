import { redeemCode } from "../../code/redeem.ts";
import type { Context } from "../../context.ts";
import { countCodeTry } from "../../proof/code-tries.ts";
import type { FlowView } from "../../flow/attempt.ts";
import type { Flow } from "../../flow/flow.ts";
import { identifierNode } from "../../proof/identifier.ts";
import { asksIdentifier, identifierGiven, shownMethods } from "../../proof/login-screen.ts";
import { sendSecretNow } from "../../proof/send-secret.ts";
import type { Complaint } from "../../flow/results.ts";
import type { Step } from "../../flow/strategy.ts";
import { goOn, pass, provedBy, reject, startOver } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import { identityById } from "../../identity/statements.ts";
import { markVerified } from "../../identity/write.ts";
import { normaliseIdentifier, viaOf } from "../../schema/normalise.ts";
import { addressUnknown, loginCodeInvalid, noCodeLogin, sendLoginCode } from "../../ui/code-messages.ts";
import { withValue } from "../../ui/form.ts";
import { propertyMissing } from "../../ui/messages.ts";
import { submitNode } from "../../ui/node.ts";
import { codeMissing } from "./code-missing.ts";
import { addressButtons, askLoginCode, askLoginCodeAgain } from "./login-pages.ts";
import { ownAddresses, recipientOf } from "./login-recipients.ts";
import type { Recipient } from "./login-recipients.ts";
import { remember, remembered } from "./memory.ts";
import { tooManyTries } from "./tries.ts";

type Login = FlowView<"login">;

/** Signs somebody in by a code that is sent to them, or adds it to their session as a second factor. */
export const login: Step<"login", "code"> = {
  async render(ctx, flow, attempt) {
    if (choosesOwn(ctx, flow)) return addressButtons(ownAddresses(ctx, { flow, attempt }));
    if (flow.requestedAal > 1 || !shownMethods(ctx, flow).has("code")) return [];
    return [...(await identifierNode(ctx, flow, attempt)), submitNode("code", "method", "code", sendLoginCode())];
  },

  async submit(ctx, flow, { identifier, address, code, resend }, attempt) {
    const named = identifier || address || "";
    const view = { flow, attempt };
    if (flow.state === "sent_email" && !resend) return enter(ctx, view, named, code);
    if (choosesOwn(ctx, flow)) return sendOwn(ctx, view, address || identifier);
    const whom = named || sentTo(flow);
    return { form: withValue(flow.ui, "identifier", whom), ...(await send(ctx, view, whom)) };
  },

  async start(ctx, flow, attempt) {
    const others = flow.ui.nodes.some(({ group }) => !["default", "identifier_first", "code"].includes(group));
    if (others || ctx.call.isPrefetch || flow.refresh || flow.state === "sent_email" || asksIdentifier(ctx, flow))
      return undefined;
    if (flow.requestedAal === 1) {
      const identifier = identifierGiven(flow);
      if (identifier === undefined) return undefined;
      const recipient = await recipientOf(ctx, identifier);
      const told = recipient || ctx.config.security.account_enumeration.mitigate;
      return told ? deliver(ctx, { flow, attempt }, identifier, recipient) : undefined;
    }
    const [only, ...more] = ownAddresses(ctx, { flow, attempt });
    const { account } = attempt;
    return only && account && more.length === 0
      ? deliver(ctx, { flow, attempt }, only.value, { identity: account, to: [only] })
      : undefined;
  },
};

/** Whether people choose among their own addresses: for a second factor, and where the configuration wants it to confirm who they are. */
const choosesOwn = ({ config }: Context, { requestedAal, refresh }: Flow): boolean =>
  requestedAal > 1 || (refresh && config.feature_flags.refresh_login_choose_address);

const sentTo = (flow: Flow): string => remembered(flow).sentTo ?? "";

async function send(ctx: Context, view: Login, named: string): Promise<Verdict<"login">> {
  if (!named) return reject({ message: propertyMissing("identifier"), node: "identifier", group: "default" });
  const recipient = await recipientOf(ctx, named);
  const stranger = view.flow.refresh && recipient && recipient.identity.id !== view.attempt.account?.id;
  if (recipient && !stranger) return onward(await deliver(ctx, view, named, recipient));
  // Where nobody is to learn who has an account, it looks as if a code had been sent.
  if (ctx.config.security.account_enumeration.mitigate && !stranger) return onward(await deliver(ctx, view, named));
  return reject({ message: noCodeLogin() });
}

async function sendOwn(ctx: Context, view: Login, address = sentTo(view.flow)): Promise<Verdict<"login">> {
  if (!address) return reject({ message: propertyMissing("address"), node: "address", group: "code" });
  const value = normaliseIdentifier(address);
  const own = ownAddresses(ctx, view).find((one) => one.value === value);
  const { account } = view.attempt;
  if (own && account) return onward(await deliver(ctx, view, own.value, { identity: account, to: [own] }));
  const { missing_credential_fallback_enabled: fallback } = ctx.config.selfservice.methods.code.config;
  return reject({ message: view.flow.requestedAal > 1 && fallback ? addressUnknown() : noCodeLogin() });
}

/** Clients of Kratos are told of a payload when the page changes, even where they sent none. */
const onward = (page: Delivered) => ({ ...goOn(page), payloadShown: true as const });

type Delivered = Awaited<ReturnType<typeof deliver>>;

async function deliver(ctx: Context, { flow, attempt }: Login, named: string, recipient?: Recipient) {
  const value = normaliseIdentifier(named);
  const to = recipient?.to ?? [{ via: viaOf(value), value }];
  const { transientPayload } = attempt;
  await sendSecretNow(ctx, flow, {
    purpose: "login",
    kind: "digits",
    to,
    identity: recipient?.identity,
    transientPayload,
  });
  return { state: "sent_email" as const, memory: remember({ sentTo: named }), form: askLoginCode(flow, named) };
}

async function enter(ctx: Context, view: Login, named: string, code?: string): Promise<Verdict<"login">> {
  const { flow, attempt } = view;
  const refuse = (complaint: Complaint) => ({ ...reject(complaint), form: askLoginCodeAgain(named) });
  if (!code) return refuse(codeMissing());
  if (named && !(await isStillMeant(ctx, view, named)))
    return startOver(noCodeLogin(), { state: "choose_method", memory: remember({}) });
  if (!(await countCodeTry(ctx, flow))) return refuse({ message: tooManyTries() });
  const proof = await redeemCode(ctx, { flowId: flow.id, purpose: "login" }, code);
  const identity = proof?.identityId ? await identityById(ctx, proof.identityId) : undefined;
  if (!proof || !identity) return refuse({ message: loginCodeInvalid() });
  // A second factor belongs to the person whose session it is added to.
  if (attempt.account && attempt.account.id !== identity.id) return refuse({ message: loginCodeInvalid() });
  const active = identity.state === "active";
  // What was sent to an address that has left the account meanwhile opens it no more.
  if (active && !(await reaches(ctx, view, identity.id, proof.address))) return refuse({ message: loginCodeInvalid() });
  if (active) await markVerified(ctx, identity.id, { via: proof.via, value: proof.address }, { reason: "login.code" });
  return pass({ identityId: identity.id, active, method: provedBy(ctx, flow, "code") });
}

/** Whether a name that comes with a code is one of the person whom the code was sent to. */
async function isStillMeant(ctx: Context, view: Login, named: string): Promise<boolean> {
  const [name, asked] = [normaliseIdentifier(named), normaliseIdentifier(sentTo(view.flow))];
  if (name === asked) return true;
  if (choosesOwn(ctx, view.flow) && ownAddresses(ctx, view).some(({ value }) => value === name)) return true;
  const { account } = view.attempt;
  // Nobody is told which names belong together.
  if (!account && ctx.config.security.account_enumeration.mitigate) return false;
  const owner = account?.id ?? (await recipientOf(ctx, asked))?.identity.id;
  return owner !== undefined && (await recipientOf(ctx, name))?.identity.id === owner;
}

/** Whether a code that is asked for once more would still go to an address of this account. */
async function reaches(ctx: Context, view: Login, identityId: string, address: string): Promise<boolean> {
  if (choosesOwn(ctx, view.flow)) return ownAddresses(ctx, view).some(({ value }) => value === address);
  const recipient = await recipientOf(ctx, sentTo(view.flow));
  return recipient?.identity.id === identityId && recipient.to.some(({ value }) => value === address);
}
