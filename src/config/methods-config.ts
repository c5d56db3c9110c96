import type { Config } from "./config.ts";

/** One section per authentication method. */
export type MethodsConfig = Config["selfservice"]["methods"];

/** What a password must be, and how foreign passwords move in. */
export type PasswordConfig = MethodsConfig["password"]["config"];

/** Passkeys. */
export type PasskeyConfig = MethodsConfig["passkey"]["config"];
