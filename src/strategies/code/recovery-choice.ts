import { createHash } from "node:crypto";
import { codeLength } from "../../code/length.ts";
import type { Context } from "../../context.ts";
import type { Flow } from "../../flow/flow.ts";
import { askRecovery } from "../../proof/recovery-form.ts";
import { sendSecretNow } from "../../proof/send-secret.ts";
import { goOn, reject } from "../../flow/strategy.ts";
import type { Verdict } from "../../flow/strategy.ts";
import { identityByAnyName } from "../../identity/address-statements.ts";
import type { AddressKey } from "../../identity/address-statements.ts";
import type { IdentityRow } from "../../identity/rows.ts";
import { normaliseIdentifier, viaOf } from "../../schema/normalise.ts";
import { propertyMissing } from "../../ui/messages.ts";
import { codeMissing } from "./code-missing.ts";
import { choicePage, codePage, confirmationPage } from "./recovery-pages.ts";

/** The members of a submission that choose an address. */
export interface Choice {
  readonly recoveryAddress?: string;
  readonly recoverySelectAddress?: string;
  readonly recoveryConfirmAddress?: string;
  readonly screen?: string;
}

/** What a flow remembers of the choice. */
interface Remembered {
  /** What the person typed first. */
  readonly typed?: string;
  /** The address that they chose among those shown in part. */
  readonly chosen?: AddressKey;
}

/** An address as the button that chooses it says it: nobody learns it from the form. */
export const digestOf = (address: string): string => createHash("sha256").update(address).digest("base64");

/**
 * Takes one step towards a code: the person says who they are by any address or name, chooses among the addresses of
 * the account, shown in part, and types the chosen one in full unless they came by it.
 */
export async function chooseAddress(ctx: Context, flow: Flow, choice: Choice): Promise<Verdict<never>> {
  const verdict = await step(ctx, flow, choice);
  if (verdict.kind === "pending") flow.transientPayload ??= {};
  return verdict;
}

async function step(ctx: Context, flow: Flow, { recoveryAddress, recoverySelectAddress, recoveryConfirmAddress, screen }: Choice) {
  const { typed = recoveryAddress, chosen } = flow.internal as Remembered;
  if (screen === "previous") return back(ctx, flow, typed);
  if (recoveryConfirmAddress && typed) return confirm(ctx, flow, typed, recoveryConfirmAddress, chosen);
  if (recoverySelectAddress && typed) return select(ctx, flow, typed, recoverySelectAddress);
  if (flow.state === "recovery_awaiting_code" && (!recoveryAddress || recoveryAddress === typed)) return reject(codeMissing());
  if (!recoveryAddress) return reject({ message: propertyMissing("recovery_address"), node: "recovery_address", group: "code" });
  return identify(ctx, flow, recoveryAddress);
}

const ownerOf = async (ctx: Context, typed: string): Promise<IdentityRow | undefined> => {
  const identity = await identityByAnyName(ctx, normaliseIdentifier(typed));
  return identity?.state === "active" ? identity : undefined;
};

async function identify(ctx: Context, flow: Flow, typed: string) {
  remember(flow, { typed });
  const identity = await ownerOf(ctx, typed);
  const addresses = identity?.recoveryAddresses ?? [];
  const value = normaliseIdentifier(typed);
  const [only] = addresses;
  if (!only) return send(ctx, flow, undefined, { via: viaOf(value), value }, typed);
  if (addresses.length > 1) return choose(flow, typed, addresses);
  return only.value === value ? send(ctx, flow, identity, only, typed) : askInFull(flow, typed, only);
}

function choose(flow: Flow, typed: string, addresses: readonly AddressKey[]) {
  flow.state = "recovery_awaiting_address_choice";
  return goOn(choicePage(typed, addresses.map(({ via, value }) => ({ via, value, digest: digestOf(value) }))));
}

async function select(ctx: Context, flow: Flow, typed: string, digest: string) {
  const identity = await ownerOf(ctx, typed);
  const chosen = identity?.recoveryAddresses.find(({ value }) => digestOf(value) === digest);
  if (!chosen) return identify(ctx, flow, typed);
  return chosen.value === normaliseIdentifier(typed) ? send(ctx, flow, identity, chosen, typed) : askInFull(flow, typed, chosen);
}

function askInFull(flow: Flow, typed: string, { via, value }: AddressKey) {
  remember(flow, { typed, chosen: { via, value } });
  flow.state = "recovery_confirming_address";
  return goOn(confirmationPage(typed, via));
}

/** Whoever types the chosen address gets a code there; for any other one it looks the same, and nothing is sent. */
async function confirm(ctx: Context, flow: Flow, typed: string, inFull: string, chosen?: AddressKey) {
  const identity = await ownerOf(ctx, typed);
  const value = normaliseIdentifier(inFull);
  const expected = chosen?.value ?? normaliseIdentifier(typed);
  const address = value === expected ? identity?.recoveryAddresses.find((one) => one.value === value) : undefined;
  return send(ctx, flow, address && identity, address ?? { via: viaOf(value), value }, typed, inFull);
}

async function send(ctx: Context, flow: Flow, identity: IdentityRow | undefined, to: AddressKey, typed: string, inFull = typed) {
  flow.transientPayload ??= {};
  await sendSecretNow(ctx, flow, { purpose: "recovery", kind: "digits", to: [{ via: to.via, value: to.value }], identity });
  flow.state = "recovery_awaiting_code";
  return goOn(codePage(typed, inFull, await codeLength(ctx, { via: to.via, address: to.value })));
}

/** One step back: to the choice where there was one, else to the beginning. */
async function back(ctx: Context, flow: Flow, typed?: string) {
  const addresses = typed && flow.state !== "recovery_awaiting_address_choice" ? ((await ownerOf(ctx, typed))?.recoveryAddresses ?? []) : [];
  if (typed && addresses.length > 1) return choose(flow, typed, addresses);
  remember(flow, {});
  flow.state = "recovery_awaiting_address";
  return goOn(askRecovery(ctx));
}

function remember(flow: Flow, what: Remembered): void {
  const { typed: _, chosen: __, ...rest } = flow.internal;
  flow.internal = { ...rest, ...what };
}
