import type { KoaContextWithOIDC } from "oidc-provider";
import { isObject } from "../../schema/limits.ts";
import { InvalidClientMetadata } from "./errors.ts";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const areTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isFlag: Check = (value) => typeof value === "boolean";

/** What a client may say of itself beside what the standards know, by Hydra's names, and what that can be. */
const checks: Readonly<Record<string, Check>> = {
  access_token_strategy: (value) => value === "opaque" || value === "jwt",
  allowed_cors_origins: areTexts,
  audience: (value) => areTexts(value) && (value as readonly string[]).every((one) => URL.canParse(one)),
  metadata: isObject,
  owner: isText,
  skip_consent: isFlag,
};

/** What an administrator alone may say of a client, not whoever registers one. */
const granted = ["access_token_strategy", "audience", "skip_consent"];

/** How the provider reads such metadata. */
export const ownMetadata = {
  properties: Object.keys(checks),
  validator(ctx: KoaContextWithOIDC | undefined, name: string, value: unknown): void {
    if (value === undefined) return;
    if (!checks[name]!(value)) throw new InvalidClientMetadata(`${name} is not what it has to be`);
    // Without a request, it is the admin API that asks, or a client is read.
    const registers = ctx?.oidc.route === "registration" || ctx?.oidc.route === "client_update";
    if (registers && granted.includes(name)) throw new InvalidClientMetadata(`${name} is not for clients to say`);
  },
};
