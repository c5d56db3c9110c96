import type { Context } from "../../context.ts";
import { createHash, decoyHash, isOutdated, verifyHash } from "../../crypto/hash.ts";
import { identifierNode } from "../../proof/identifier.ts";
import { shownMethods } from "../../proof/login-screen.ts";
import type { Flow } from "../../flow/flow.ts";
import type { Complaint } from "../../flow/results.ts";
import type { Step } from "../../flow/strategy.ts";
import { pass, provedBy, reject, rejectFrom, throttled } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import { credentialByIdentifier } from "../../identity/statements.ts";
import type { FoundCredential } from "../../identity/statements.ts";
import { changeCredential } from "../../identity/write.ts";
import { normaliseIdentifier } from "../../schema/normalise.ts";
import { clientNetwork } from "../../server/client-address.ts";
import { knownDevice } from "../../session/known-device.ts";
import { judgePassword } from "../../throttle/password-guess.ts";
import { withValue } from "../../ui/form.ts";
import { input, submitNode } from "../../ui/node.ts";
import type { PasswordCredential } from "./credential.ts";
import {
  invalidCredentials,
  passwordLabel,
  propertyMissing,
  signInAgain,
  signInWithPassword,
} from "../../ui/messages.ts";

/** Signs somebody in by identifier and password. */
export const login: Step<"login", "password"> = {
  async render(ctx, flow, attempt) {
    if (!shownMethods(ctx, flow).has("password")) return [];
    const label = flow.refresh ? signInAgain() : signInWithPassword();
    return [
      ...(await identifierNode(ctx, flow, attempt)),
      input("password", "password", {
        type: "password",
        required: true,
        autocomplete: "current-password",
        label: passwordLabel(),
      }),
      submitNode("password", "method", "password", label),
    ];
  },

  async submit(ctx, flow, { identifier, passwordIdentifier, password }) {
    const named = identifier || passwordIdentifier || "";
    return { form: withValue(flow.ui, "identifier", named), ...(await judge(ctx, flow, named, password)) };
  },
};

async function judge(
  ctx: Context,
  flow: Flow<"login">,
  named: string,
  password: string | undefined,
): Promise<Verdict<"login">> {
  const complaints: Complaint[] = [];
  if (!named) complaints.push(missing("identifier", "default"));
  if (!password) complaints.push(missing("password", "password"));
  if (complaints.length || !password) return reject(...complaints);

  const name = normaliseIdentifier(named);
  const credential = await credentialByIdentifier(ctx, "password", name);
  const { hashed_password: hash } = (credential?.config ?? {}) as PasswordCredential;
  const judged = await judgePassword(ctx, {
    identifier: name,
    client: clientNetwork(ctx),
    device: credential && (await knownDevice(ctx, credential.identityId)),
    // An unknown identifier costs as much time as a wrong password, so that neither can be told from the other.
    isRight: async () => (await verifyHash(password, hash || (await decoyHash(ctx.config.hashers)))) && Boolean(hash),
  });
  if ("waitMs" in judged) return throttled(judged.waitMs, credential?.identityId);
  if (!credential || !hash || !judged.right)
    return rejectFrom(credential?.identityId, { message: invalidCredentials() });

  if (isOutdated(hash, ctx.config.hashers)) await renewHash(ctx, credential, password);
  return pass({
    identityId: credential.identityId,
    active: credential.identityState === "active",
    method: provedBy(ctx, flow, "password"),
  });
}

const missing = (property: string, group: string): Complaint => ({
  message: propertyMissing(property),
  node: property,
  group,
});

/** Hashes anew by today's parameters. A credential that has changed meanwhile is left alone. */
async function renewHash(ctx: Context, credential: FoundCredential, password: string): Promise<void> {
  const hashed_password = await createHash(password, ctx.config.hashers);
  const { credentialId: id, identityId, revision, config } = credential;
  const cause = { reason: "password.rehash", actor: { kind: "system" } } as const;
  await changeCredential(ctx, { id, identityId, type: "password", revision }, { ...config, hashed_password }, cause);
}
