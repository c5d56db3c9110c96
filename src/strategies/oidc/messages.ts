import type { ProviderConfig } from "../../provider/provider.ts";
import { info } from "../../ui/message.ts";

/** What people call a provider. */
export const labelOf = ({ id, label }: ProviderConfig): string => label || id;

const about = (provider: ProviderConfig) => ({ provider: labelOf(provider), provider_id: provider.id });

/** The button that signs in by a provider. */
export const signInWith = (provider: ProviderConfig) =>
  info(1010002, `Sign in with ${labelOf(provider)}`, about(provider));

/** The button that signs up by a provider. */
export const signUpWith = (provider: ProviderConfig) =>
  info(1040002, `Sign up with ${labelOf(provider)}`, about(provider));

/** The button that goes on after a provider has not told all that there is to know. */
export const goOnSigningUp = () => info(1040003, "Continue");

/** The button that links an account with one at a provider, by what people call the provider. */
export const linkWith = (label: string) => info(1050002, `Link ${label}`, { provider: label });

/** The button that lets go of such an account. */
export const unlinkFrom = (label: string) => info(1050003, `Unlink ${label}`, { provider: label });
