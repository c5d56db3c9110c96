import type { Context } from "../context.ts";
import { schemasOf } from "../schema/schemas.ts";
import type { Violation } from "../schema/validate.ts";
import { pointerSegment } from "../text/json-pointer.ts";
import { mapperOf } from "./map-claims.ts";
import type { ProviderFailure } from "./provider-failure.ts";
import type { FailedStep } from "./provider-failure.ts";
import type { Claims, ProviderConfig } from "./provider.ts";
import { tryMapper } from "./try-mapper.ts";

/** What came of trying a provider out, by the names of Kratos' test logins. No token is in it. */
export interface TestLoginResult {
  readonly id_token_claims?: Claims;
  readonly jsonnet_mapper_url?: string;
  readonly jsonnet_input?: Claims;
  readonly jsonnet_output?: unknown;
  readonly schema_validation_errors?: readonly { readonly path: string; readonly message: string }[];
  readonly error?: { readonly step: FailedStep; readonly reason: string; readonly message: string };
}

/** What the first sign-in of somebody with these claims would lead to: nothing is written. */
export async function testLogin(ctx: Context, provider: ProviderConfig, claims: Claims): Promise<TestLoginResult> {
  const { output, fault, violations } = await tryMapper(() => mapperOf(provider, ctx.config.clients), {
    provider,
    claims,
    schema: await schemasOf(ctx).default(),
  });
  return {
    id_token_claims: claims,
    jsonnet_mapper_url: provider.mapper_url,
    ...(output !== undefined && { jsonnet_input: claims, jsonnet_output: output }),
    ...(fault && { error: { step: "jsonnet_run", reason: fault.reason, message: fault.message } as const }),
    ...(violations.length && refusedBySchema(violations)),
  };
}

/** What is told of a provider that has not done its part. */
export const testLoginFailed = ({ step, reason, message }: ProviderFailure): TestLoginResult => ({
  error: { step, reason, message },
});

function refusedBySchema(violations: readonly Violation[]) {
  const errors = violations.map(({ node, message }) => ({ path: pointerTo(node), message: message.text }));
  const message = errors.map(({ path, message: text }) => `${path}: ${text}`).join(" ");
  return {
    schema_validation_errors: errors,
    error: { step: "schema_validate", reason: "traits_invalid", message } as const,
  };
}

const pointerTo = (node: string): string =>
  node
    .split(".")
    .map((name) => `/${pointerSegment(name)}`)
    .join("");
