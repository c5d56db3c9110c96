import type { Context } from "../../context.ts";
import { uuidv7 } from "../../db/id.ts";
import type { Flow } from "../../flow/flow.ts";
import { schemaOf } from "../../flow/flow-schema.ts";
import { onCredentialScreen } from "../../proof/profile-screen.ts";
import type { Step } from "../../flow/strategy.ts";
import { advance } from "../../flow/progress.ts";
import { pass, reject } from "../../flow/verdict.ts";
import { identifiersOf } from "../../schema/identifiers.ts";
import { withNodes } from "../../ui/form.ts";
import { identifierMissing, noRegistrationStrategy, signUpWithKey } from "../../ui/messages.ts";
import { handleOfIdentity, identityOfHandle } from "../../webauthn/handle.ts";
import { acceptKey, creationNodes } from "./creation.ts";

/** Signs somebody up with a security key alone. Only browsers can. */
export const registration: Step<"registration", "webauthn"> = {
  render: (ctx, flow) => (flow.type === "browser" && onCredentialScreen(ctx, flow) ? nodes(ctx, flow) : []),

  async submit(ctx, flow, { webauthnRegister: answer, webauthnRegisterDisplayname: name = "" }, { traits = {} }) {
    if (!answer || flow.type === "api") return reject({ message: noRegistrationStrategy() });
    const { webauthn: identifiers } = identifiersOf(await schemaOf(ctx, flow), traits);
    if (identifiers.length === 0) return reject({ message: identifierMissing() });
    const accepted = await acceptKey(ctx, flow, answer, name);
    const { challengesSpent } = accepted;
    if ("complaint" in accepted) return { ...reject({ message: accepted.complaint }), challengesSpent };
    // The challenge is used up: should somebody have to try again, the form holds another.
    const next = nodes(ctx, advance(flow, { challengesSpent }));
    const progress = { challengesSpent, form: withNodes(flow.ui, next.nodes), memory: next.memory };
    const { userHandle: user_handle = "" } = accepted.challenge;
    const identityId = identityOfHandle(Uint8Array.from(Buffer.from(user_handle, "base64")));
    const config = { credentials: [accepted.key], user_handle };
    return {
      ...pass({ credentials: [{ type: "webauthn", identifiers, config }], ...(identityId && { identityId }) }),
      ...progress,
    };
  },
};

const nodes = (ctx: Context, flow: Flow) =>
  creationNodes(ctx, flow, {
    // The identity in the making gets this id, so that a key that remembers it finds the account.
    handle: () => handleOfIdentity(uuidv7(ctx.now().getTime())),
    exclude: [],
    label: signUpWithKey(),
  });
