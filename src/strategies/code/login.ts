import { redeemCode } from "../../code/redeem.ts";
import type { Context } from "../../context.ts";
import { countCodeTry } from "../../proof/code-tries.ts";
import type { Flow, Form } from "../../flow/flow.ts";
import { identifierNode } from "../../proof/identifier.ts";
import { asksIdentifier, shownMethods } from "../../proof/screen.ts";
import { sendSecretNow } from "../../proof/send-secret.ts";
import type { Complaint, Step } from "../../flow/strategy.ts";
import { goOn, pass, reject, startOver } from "../../flow/strategy.ts";
import { identityById } from "../../identity/statements.ts";
import { markVerified } from "../../identity/verify-address.ts";
import { normaliseIdentifier, viaOf } from "../../schema/normalise.ts";
import { addressUnknown, loginCodeInvalid, noCodeLogin, sendLoginCode } from "../../ui/code-messages.ts";
import { setValue } from "../../ui/form.ts";
import { propertyMissing } from "../../ui/messages.ts";
import { submitNode } from "../../ui/node.ts";
import { codeMissing } from "./code-missing.ts";
import { addressButtons, askLoginCode, askLoginCodeAgain } from "./login-pages.ts";
import { ownAddresses, recipientOf } from "./login-recipients.ts";
import type { Recipient } from "./login-recipients.ts";
import { tooManyTries } from "./tries.ts";

/** Signs somebody in by a code that is sent to them, or adds it to their session as a second factor. */
export const login: Step<"login", "code"> = {
  async render(ctx, flow) {
    if (choosesOwn(ctx, flow)) return addressButtons(await ownAddresses(ctx, flow));
    if (flow.requestedAal > 1 || !shownMethods(ctx, flow).has("code")) return [];
    return [...(await identifierNode(ctx, flow)), submitNode("code", "method", "code", sendLoginCode())];
  },

  async submit(ctx, flow, { identifier, address, code, resend }) {
    const named = identifier || address || "";
    if (flow.state === "sent_email" && !resend) return enter(ctx, flow, named, code);
    return choosesOwn(ctx, flow) ? sendOwn(ctx, flow, address || identifier) : send(ctx, flow, named || remembered(flow));
  },

  async start(ctx, flow) {
    const others = flow.ui.nodes.some(({ group }) => !["default", "identifier_first", "code"].includes(group));
    if (others || ctx.call.peeks || flow.refresh || flow.state === "sent_email" || asksIdentifier(ctx, flow)) return undefined;
    if (flow.requestedAal === 1) {
      const { identifier } = flow.internal;
      if (typeof identifier !== "string") return undefined;
      const recipient = await recipientOf(ctx, identifier);
      return recipient || ctx.config.security.account_enumeration.mitigate ? deliver(ctx, flow, identifier, recipient) : undefined;
    }
    const [only, ...more] = await ownAddresses(ctx, flow);
    return only && flow.account && more.length === 0 ? deliver(ctx, flow, only.value, { identity: flow.account, to: [only] }) : undefined;
  },
};

/** Whether people choose among their own addresses: for a second factor, and where the configuration wants it to confirm who they are. */
const choosesOwn = ({ config }: Context, { requestedAal, refresh }: Flow): boolean =>
  requestedAal > 1 || (refresh && config.feature_flags.refresh_login_choose_address);

const remembered = ({ internal }: Flow): string => (typeof internal["codeFor"] === "string" ? internal["codeFor"] : "");

async function send(ctx: Context, flow: Flow, named: string) {
  setValue(flow.ui, "identifier", named);
  if (!named) return reject({ message: propertyMissing("identifier"), node: "identifier", group: "default" });
  const recipient = await recipientOf(ctx, named);
  const stranger = flow.refresh && recipient && recipient.identity.id !== flow.account?.id;
  if (recipient && !stranger) return onward(flow, await deliver(ctx, flow, named, recipient));
  // Where nobody is to learn who has an account, it looks as if a code had been sent.
  if (ctx.config.security.account_enumeration.mitigate && !stranger) return onward(flow, await deliver(ctx, flow, named));
  return reject({ message: noCodeLogin() });
}

async function sendOwn(ctx: Context, flow: Flow, address = remembered(flow)) {
  if (!address) return reject({ message: propertyMissing("address"), node: "address", group: "code" });
  const value = normaliseIdentifier(address);
  const own = (await ownAddresses(ctx, flow)).find((one) => one.value === value);
  if (!own || !flow.account) {
    const { missing_credential_fallback_enabled: fallback } = ctx.config.selfservice.methods.code.config;
    return reject({ message: flow.requestedAal > 1 && fallback ? addressUnknown() : noCodeLogin() });
  }
  return onward(flow, await deliver(ctx, flow, own.value, { identity: flow.account, to: [own] }));
}

/** Clients of Kratos are told of a payload when the page changes, even where they sent none. */
function onward(flow: Flow, page: Form) {
  flow.transientPayload ??= {};
  return goOn(page);
}

async function deliver(ctx: Context, flow: Flow, named: string, recipient?: Recipient) {
  const value = normaliseIdentifier(named);
  const to = recipient?.to ?? [{ via: viaOf(value), value }];
  await sendSecretNow(ctx, flow, { purpose: "login", kind: "digits", to, identity: recipient?.identity });
  flow.state = "sent_email";
  flow.internal = { ...flow.internal, codeFor: named };
  return askLoginCode(flow, named);
}

async function enter(ctx: Context, flow: Flow, named: string, code?: string) {
  const refuse = (complaint: Complaint) => {
    flow.ui = askLoginCodeAgain(named);
    return reject(complaint);
  };
  if (!code) return refuse(codeMissing());
  if (named && !(await isStillMeant(ctx, flow, named))) {
    flow.state = "choose_method";
    flow.internal = { ...flow.internal, codeFor: undefined };
    return startOver(noCodeLogin());
  }
  if (!(await countCodeTry(ctx, flow))) return refuse({ message: tooManyTries() });
  const proof = await redeemCode(ctx, { flowId: flow.id, purpose: "login" }, code);
  const identity = proof?.identityId ? await identityById(ctx, proof.identityId) : undefined;
  if (!proof || !identity) return refuse({ message: loginCodeInvalid() });
  // A second factor belongs to the person whose session it is added to.
  if (flow.account && flow.account.id !== identity.id) return refuse({ message: loginCodeInvalid() });
  const active = identity.state === "active";
  // What was sent to an address that has left the account meanwhile opens it no more.
  if (active && !(await reaches(ctx, flow, identity.id, proof.address))) return refuse({ message: loginCodeInvalid() });
  if (active) await markVerified(ctx, identity.id, { via: proof.via, value: proof.address });
  return pass({ identityId: identity.id, active });
}

/** Whether a name that comes with a code is one of the person whom the code was sent to. */
async function isStillMeant(ctx: Context, flow: Flow, named: string): Promise<boolean> {
  const [name, asked] = [normaliseIdentifier(named), normaliseIdentifier(remembered(flow))];
  if (name === asked) return true;
  if (choosesOwn(ctx, flow) && (await ownAddresses(ctx, flow)).some(({ value }) => value === name)) return true;
  // Nobody is told which names belong together.
  if (!flow.account && ctx.config.security.account_enumeration.mitigate) return false;
  const owner = flow.account?.id ?? (await recipientOf(ctx, asked))?.identity.id;
  return owner !== undefined && (await recipientOf(ctx, name))?.identity.id === owner;
}

/** Whether a code that is asked for once more would still go to an address of this account. */
async function reaches(ctx: Context, flow: Flow, identityId: string, address: string): Promise<boolean> {
  if (choosesOwn(ctx, flow)) return (await ownAddresses(ctx, flow)).some(({ value }) => value === address);
  const recipient = await recipientOf(ctx, remembered(flow));
  return recipient?.identity.id === identityId && recipient.to.some(({ value }) => value === address);
}
