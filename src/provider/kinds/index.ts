import type { Provider, ProviderConfig } from "../provider.ts";

type Kind = () => Promise<{ create(config: ProviderConfig): Provider }>;

/** What speaks to a kind of provider. Each is loaded when the first of its kind is used: most servers use few, and many none. */
const kinds: Readonly<Record<ProviderConfig["provider"], Kind>> = {
  amazon: () => import("./amazon.ts"),
  apple: () => import("./apple.ts"),
  auth0: () => import("./auth0.ts"),
  dingtalk: () => import("./dingtalk.ts"),
  discord: () => import("./discord.ts"),
  facebook: () => import("./facebook.ts"),
  "fedcm-test": () => import("./fedcm-test.ts"),
  generic: () => import("./generic.ts"),
  github: () => import("./github.ts"),
  "github-app": () => import("./github-app.ts"),
  gitlab: () => import("./gitlab.ts"),
  google: () => import("./google.ts"),
  jackson: () => import("./jackson.ts"),
  lark: () => import("./lark.ts"),
  line: () => import("./line.ts"),
  linkedin: () => import("./linkedin.ts"),
  linkedin_v2: () => import("./linkedin_v2.ts"),
  microsoft: () => import("./microsoft.ts"),
  netid: () => import("./netid.ts"),
  patreon: () => import("./patreon.ts"),
  salesforce: () => import("./salesforce.ts"),
  slack: () => import("./slack.ts"),
  spotify: () => import("./spotify.ts"),
  uaepass: () => import("./uaepass.ts"),
  vk: () => import("./vk.ts"),
  x: () => import("./twitter.ts"),
  yandex: () => import("./yandex.ts"),
};

/** Makes what speaks to a provider of its configuration. */
export async function createProvider(config: ProviderConfig): Promise<Provider> {
  const { create } = await kinds[config.provider]();
  return create(config);
}
