import { createHash } from "../../crypto/hash.ts";
import { schemaOf } from "../../flow/flow-schema.ts";
import { onCredentialScreen } from "../../proof/profile-screen.ts";
import type { Step } from "../../flow/strategy.ts";
import { pass, reject } from "../../flow/verdict.ts";
import { identifiersOf } from "../../schema/identifiers.ts";
import { identifierMissing, propertyMissing, signUp } from "../../ui/messages.ts";
import { submitNode } from "../../ui/node.ts";
import { judge, newPasswordNode, onPassword } from "./new-password.ts";

/** Signs somebody up with a password. */
export const registration: Step<"registration", "password"> = {
  render: (ctx, flow) =>
    onCredentialScreen(ctx, flow) ? [newPasswordNode(), submitNode("password", "method", "password", signUp())] : [],

  missing: (_, { password }) => (password ? [] : [onPassword(propertyMissing("password"))]),

  async submit(ctx, flow, { password = "" }, { traits = {} }) {
    const { password: identifiers } = identifiersOf(await schemaOf(ctx, flow), traits);
    if (!identifiers.length) return reject({ message: identifierMissing() });
    const complaint = await judge(ctx, password, identifiers);
    if (complaint) return reject(complaint);
    const hashed_password = await createHash(password, ctx.config.hashers);
    return pass({ credentials: [{ type: "password", identifiers, config: { hashed_password } }] });
  },
};
