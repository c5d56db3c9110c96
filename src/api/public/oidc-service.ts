import { OidcService } from "#gen/ostiary/public/v1/oidc_service_pb.js";
import type { HandleOidcCallbackRequest } from "#gen/ostiary/public/v1/oidc_service_pb.js";
import { defineService } from "../../server/dispatch.ts";
import { browser } from "./browser.ts";
import { takeBack } from "./take-back.ts";
import type { Resumable } from "./take-back.ts";

/** Serves oidc_service.proto. */
export const oidcService = (flows: Resumable) =>
  defineService(OidcService, {
    handleOidcCallback: browser(async (request, ctx) => {
      const parameters = parametersOf(request);
      await takeBack(ctx, flows, parameters["state"] ?? "", parameters);
      return {};
    }),
  });

/** What a provider says: in the address, or in a form that it has the browser post. */
function parametersOf({
  provider,
  state,
  code,
  error,
  errorDescription,
  errorUri,
  form,
}: HandleOidcCallbackRequest): Record<string, string> {
  const said = { provider, state, code, error, error_description: errorDescription, error_uri: errorUri };
  const posted = Object.entries(form ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries([...Object.entries(said), ...posted].filter(([, value]) => value !== ""));
}
