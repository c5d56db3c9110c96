import type { Context } from "../../context.ts";
import { acceptNewKey } from "../../proof/key-ceremony.ts";
import type { Flow } from "../../flow/flow.ts";
import type { StoredKey } from "../../webauthn/keys.ts";
import { creationOptions, passkeySelection } from "../../webauthn/options.ts";
import { relyingParty } from "../../webauthn/relying-party.ts";

const usualTimeoutMs = 300_000;
const proofs = ["direct", "enterprise"];

/** The options for a new passkey. */
export function passkeyOptions(
  { config }: Context,
  about: {
    readonly challenge: string;
    readonly handle: Uint8Array;
    readonly name: string;
    readonly exclude: readonly StoredKey[];
  },
) {
  const passkey = config.selfservice.methods.passkey.config;
  const party = relyingParty(config, "passkey");
  return creationOptions({
    party,
    user: { id: about.handle, name: about.name || party.name },
    challenge: about.challenge,
    timeoutMs: passkey.timeouts.registration ?? usualTimeoutMs,
    exclude: about.exclude,
    selection: passkeySelection(passkey),
    attestation: passkey.attestation.preference,
  });
}

/** Judges a new passkey. */
export function acceptPasskey(ctx: Context, flow: Flow, answer: string) {
  const { authenticator_selection: selection, attestation } = ctx.config.selfservice.methods.passkey.config;
  return acceptNewKey(ctx, flow, {
    method: "passkey",
    answer,
    // Kratos leaves the name of a passkey empty; clients show one of their own.
    name: "",
    passwordless: true,
    requireVerification: selection.user_verification === "required",
    requireAttestation: proofs.includes(attestation.preference),
  });
}

/** The bytes of a handle that a challenge remembers. */
export const handleBytes = (userHandle: string | undefined): Uint8Array =>
  Uint8Array.from(Buffer.from(userHandle ?? "", "base64"));
