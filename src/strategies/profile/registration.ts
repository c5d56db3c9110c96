import { profileFirst } from "../../proof/screen.ts";
import { schemaOf } from "../../flow/flow-schema.ts";
import type { Step } from "../../flow/strategy.ts";
import { pending, reject } from "../../flow/strategy.ts";
import { acceptTraits } from "../../flow/traits.ts";
import { setValues } from "../../ui/form.ts";
import { back, signUp } from "../../ui/messages.ts";
import { submitNode } from "../../ui/node.ts";

const group = "profile";

/** Asks for the profile first, and for a credential after that. */
export const registration: Step<"registration", "profile"> = {
  render(ctx, flow) {
    if (!profileFirst(ctx)) return [];
    return flow.internal["screen"] === "credentials"
      ? [submitNode(group, "screen", "previous", back())]
      : [submitNode(group, "method", group, signUp())];
  },

  async submit(ctx, flow, { traits, screen }) {
    const accepted = acceptTraits(ctx, await schemaOf(ctx, flow), traits ?? {});
    if (screen === "previous") {
      flow.internal = { ...flow.internal, screen: "profile", traits: accepted.traits };
      return pending;
    }
    setValues(flow.ui, accepted.shown);
    if (accepted.complaints.length) return reject(...accepted.complaints);
    flow.internal = { ...flow.internal, screen: "credentials", traits: accepted.traits };
    return pending;
  },
};
