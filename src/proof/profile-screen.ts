import type { Context } from "../context.ts";
import type { Flow, Memory } from "../flow/flow.ts";
import { defineMemory, isRecord } from "../flow/memory.ts";

/** What a registration flow remembers of the profile, and which screen it shows. */
interface TypedProfile {
  readonly screen?: "profile" | "credentials";
  readonly traits?: Record<string, unknown>;
}

const profile = defineMemory(
  "profile",
  (value): value is TypedProfile =>
    isRecord(value) &&
    [undefined, "profile", "credentials"].includes(value["screen"] as string | undefined) &&
    (value["traits"] === undefined || isRecord(value["traits"])),
);

/** Whether sign-up comes in two steps: first the profile, then the credential. */
export function profileFirst({ config }: Context): boolean {
  const { style, enable_legacy_one_step: oneStep } = config.selfservice.flows.registration;
  return style === "profile_first" && !oneStep;
}

/** Whether the profile was typed, and a credential is to be chosen. */
export const choosesCredential = (flow: Pick<Flow, "memory">): boolean => profile.of(flow)?.screen === "credentials";

/** Whether a registration flow shows the credentials: at once, or after the profile. */
export const onCredentialScreen = (ctx: Context, flow: Flow): boolean => !profileFirst(ctx) || choosesCredential(flow);

/** The profile as it was typed last. */
export const typedProfile = (flow: Pick<Flow, "memory">): Record<string, unknown> | undefined =>
  profile.of(flow)?.traits;

/** Makes a flow remember the profile, and which screen it shows where that changes. */
export const rememberProfile = (
  flow: Pick<Flow, "memory">,
  { screen = profile.of(flow)?.screen, traits }: TypedProfile,
): Memory => profile.with({ ...(screen && { screen }), ...(traits && { traits }) });
