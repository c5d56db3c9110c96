import type { MethodConfig } from "../../config/schema/method.ts";

/** The identifier first: nothing is configured of it. */
export const identifierFirstConfig = {
  place: { login: 5 },
} satisfies MethodConfig;
