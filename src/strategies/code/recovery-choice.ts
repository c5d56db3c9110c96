import { createHash } from "node:crypto";
import { codeLength } from "../../code/length.ts";
import type { Context } from "../../context.ts";
import type { FlowView } from "../../flow/attempt.ts";
import { askRecovery } from "../../proof/recovery-form.ts";
import { sendSecretNow } from "../../proof/send-secret.ts";
import { goOn, reject } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import { identityByAnyName } from "../../identity/address-statements.ts";
import type { AddressKey } from "../../identity/address-statements.ts";
import type { IdentityRow } from "../../identity/rows.ts";
import { normaliseIdentifier, viaOf } from "../../schema/normalise.ts";
import { propertyMissing } from "../../ui/messages.ts";
import { codeMissing } from "./code-missing.ts";
import { remember, remembered } from "./memory.ts";
import { choicePage, codePage, confirmationPage } from "./recovery-pages.ts";

/** The members of a submission that choose an address. */
export interface Choice {
  readonly recoveryAddress?: string;
  readonly recoverySelectAddress?: string;
  readonly recoveryConfirmAddress?: string;
  readonly screen?: string;
}

/** An address as the button that chooses it says it: nobody learns it from the form. */
export const digestOf = (address: string): string => createHash("sha256").update(address).digest("base64");

/**
 * Takes one step towards a code: the person says who they are by any address or name, chooses among the addresses of
 * the account, shown in part, and types the chosen one in full unless they came by it.
 */
export async function chooseAddress(ctx: Context, view: Recovery, choice: Choice): Promise<Verdict<"recovery">> {
  const verdict = await step(ctx, view, choice);
  return verdict.kind === "pending" ? { ...verdict, payloadShown: true } : verdict;
}

type Recovery = FlowView<"recovery">;

async function step(
  ctx: Context,
  view: Recovery,
  { recoveryAddress, recoverySelectAddress, recoveryConfirmAddress, screen }: Choice,
): Promise<Verdict<"recovery">> {
  const { typed = recoveryAddress, chosen } = remembered(view.flow);
  if (screen === "previous") return back(ctx, view, typed);
  if (recoveryConfirmAddress && typed) return confirm(ctx, view, typed, recoveryConfirmAddress, chosen);
  if (recoverySelectAddress && typed) return select(ctx, view, typed, recoverySelectAddress);
  if (view.flow.state === "recovery_awaiting_code" && (!recoveryAddress || recoveryAddress === typed))
    return reject(codeMissing());
  if (!recoveryAddress)
    return reject({ message: propertyMissing("recovery_address"), node: "recovery_address", group: "code" });
  return identify(ctx, view, recoveryAddress);
}

const ownerOf = async (ctx: Context, typed: string): Promise<IdentityRow | undefined> => {
  const identity = await identityByAnyName(ctx, normaliseIdentifier(typed));
  return identity?.state === "active" ? identity : undefined;
};

async function identify(ctx: Context, view: Recovery, typed: string) {
  const identity = await ownerOf(ctx, typed);
  const addresses = identity?.recoveryAddresses ?? [];
  const value = normaliseIdentifier(typed);
  const [only] = addresses;
  const memory = remember({ typed });
  if (!only) return { ...(await send(ctx, view, undefined, { via: viaOf(value), value }, typed)), memory };
  if (addresses.length > 1) return { ...choose(typed, addresses), memory };
  return only.value === value ? { ...(await send(ctx, view, identity, only, typed)), memory } : askInFull(typed, only);
}

function choose(typed: string, addresses: readonly AddressKey[]) {
  const form = choicePage(
    typed,
    addresses.map(({ via, value }) => ({ via, value, digest: digestOf(value) })),
  );
  return goOn({ form, state: "recovery_awaiting_address_choice" });
}

async function select(ctx: Context, view: Recovery, typed: string, digest: string) {
  const identity = await ownerOf(ctx, typed);
  const chosen = identity?.recoveryAddresses.find(({ value }) => digestOf(value) === digest);
  if (!chosen) return identify(ctx, view, typed);
  return chosen.value === normaliseIdentifier(typed)
    ? send(ctx, view, identity, chosen, typed)
    : askInFull(typed, chosen);
}

function askInFull(typed: string, { via, value }: AddressKey) {
  const memory = remember({ typed, chosen: { via, value } });
  return goOn({ form: confirmationPage(typed, via), memory, state: "recovery_confirming_address" });
}

/** Whoever types the chosen address gets a code there; for any other one it looks the same, and nothing is sent. */
async function confirm(ctx: Context, view: Recovery, typed: string, inFull: string, chosen?: AddressKey) {
  const identity = await ownerOf(ctx, typed);
  const value = normaliseIdentifier(inFull);
  const expected = chosen?.value ?? normaliseIdentifier(typed);
  const address = value === expected ? identity?.recoveryAddresses.find((one) => one.value === value) : undefined;
  return send(ctx, view, address && identity, address ?? { via: viaOf(value), value }, typed, inFull);
}

async function send(
  ctx: Context,
  { flow, attempt }: Recovery,
  identity: IdentityRow | undefined,
  to: AddressKey,
  typed: string,
  inFull = typed,
) {
  const address = { via: to.via, value: to.value };
  await sendSecretNow(ctx, flow, {
    purpose: "recovery",
    kind: "digits",
    to: [address],
    identity,
    transientPayload: attempt.transientPayload,
  });
  return goOn({
    form: codePage(typed, inFull, await codeLength(ctx, { via: to.via, address: to.value })),
    state: "recovery_awaiting_code",
  });
}

/** One step back: to the choice where there was one, else to the beginning. */
async function back(ctx: Context, { flow }: Recovery, typed?: string) {
  const addresses =
    typed && flow.state !== "recovery_awaiting_address_choice"
      ? ((await ownerOf(ctx, typed))?.recoveryAddresses ?? [])
      : [];
  if (typed && addresses.length > 1) return choose(typed, addresses);
  return goOn({ form: askRecovery(ctx), memory: remember({}), state: "recovery_awaiting_address" });
}
