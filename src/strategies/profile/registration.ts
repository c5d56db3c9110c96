import { acceptRegistrationTraits } from "../../proof/invited.ts";
import { choosesCredential, profileFirst, rememberProfile } from "../../proof/profile-screen.ts";
import type { Step } from "../../flow/strategy.ts";
import { goOn, reject } from "../../flow/verdict.ts";
import { withValues } from "../../ui/form.ts";
import { back, signUp } from "../../ui/messages.ts";
import { submitNode } from "../../ui/node.ts";

const group = "profile";

/** Asks for the profile first, and for a credential after that. */
export const registration: Step<"registration", "profile"> = {
  render(ctx, flow) {
    if (!profileFirst(ctx)) return [];
    return choosesCredential(flow)
      ? [submitNode(group, "screen", "previous", back())]
      : [submitNode(group, "method", group, signUp())];
  },

  async submit(ctx, flow, { traits, screen }) {
    const accepted = await acceptRegistrationTraits(ctx, flow, traits ?? {});
    if (screen === "previous")
      return goOn({ memory: rememberProfile(flow, { screen: "profile", traits: accepted.traits }) });
    if (accepted.complaints.length)
      return { ...reject(...accepted.complaints), form: withValues(flow.ui, accepted.shown) };
    return goOn({ memory: rememberProfile(flow, { screen: "credentials", traits: accepted.traits }) });
  },
};
