import { createHash, verifyHash } from "../../crypto/hash.ts";
import type { Step } from "../../flow/strategy.ts";
import { pass, reject } from "../../flow/verdict.ts";
import { credentialOf, withCredential } from "../../identity/set-credential.ts";
import { identifierMissing, passwordUnchanged, propertyMissing, save } from "../../ui/messages.ts";
import { submitNode } from "../../ui/node.ts";
import type { PasswordCredential } from "./credential.ts";
import { judge, newPasswordNode, onPassword } from "./new-password.ts";

/** Sets another password, or a first one. */
export const settings: Step<"settings", "password"> = {
  render: () => [newPasswordNode(), submitNode("password", "method", "password", save())],

  missing: (_, { password }) => (password ? [] : [onPassword(propertyMissing("password"))]),

  async submit(ctx, _, { password = "" }, { account }) {
    const identifiers = account!.credentials.find(({ type }) => type === "password")?.identifiers ?? [];
    if (identifiers.length === 0) return reject({ message: identifierMissing() });
    const complaint = await judge(ctx, password, identifiers);
    if (complaint) return reject(complaint);
    const { hashed_password: before } = (credentialOf(account!, "password")?.config ?? {}) as PasswordCredential;
    if (before && (await verifyHash(password, before))) return reject(onPassword(passwordUnchanged()));
    const hashed_password = await createHash(password, ctx.config.hashers);
    return pass({
      apply: (identity) =>
        withCredential(ctx, identity, { type: "password", identifiers: [], config: { hashed_password } }),
    });
  },
};
