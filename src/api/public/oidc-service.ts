import { OidcService } from "#gen/ostiary/public/v1/oidc_service_pb.js";
import type { HandleOidcCallbackRequest } from "#gen/ostiary/public/v1/oidc_service_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { defineService } from "../../server/dispatch.ts";
import { browser } from "./browser.ts";
import { resumeFlow } from "./resume-flow.ts";
import type { Resumable } from "./resume-flow.ts";

/** Serves oidc_service.proto. */
export const oidcService = (flows: Resumable) =>
  defineService(OidcService, {
    handleOidcCallback: browser(async (request, ctx) => {
      if (ctx.call.protocol === "rest" && ctx.call.method === "POST") return comeBackByGet(ctx, request);
      await resumeFlow(ctx, flows, { at: request.provider, parameters: parametersOf(ctx, request) });
      return {};
    }),
  });

/**
 * A form that another site has the browser post comes without the cookies by which its person is known. They come along
 * with the address that the browser is sent on to.
 */
function comeBackByGet({ call, config }: Context, { form }: HandleOidcCallbackRequest) {
  const here = new URL(call.url);
  const address = new URL(config.serve.public.base_url);
  address.pathname = `${address.pathname.replace(/\/$/, "")}${here.pathname}`;
  address.search = here.search;
  for (const [name, value] of textsOf(form)) address.searchParams.set(name, value);
  call.reply.status = 302;
  call.reply.location = address.href;
  return {};
}

/** All that a provider says, whatever it is called; where the client has come back to, the path alone says. */
function parametersOf({ call }: Context, request: HandleOidcCallbackRequest): Readonly<Record<string, string>> {
  const { provider, organization, state, code, error, errorDescription, errorUri, form } = request;
  const query = call.protocol === "rest" ? new URL(call.url).searchParams : new URLSearchParams();
  // RFC 6749, section 3.1.
  if (new Set(query.keys()).size < query.size)
    throw problem(ErrorReason.BAD_REQUEST, { reason: "A parameter was sent more than once." });
  const named = { state, code, error, error_description: errorDescription, error_uri: errorUri };
  const all = Object.entries({ ...Object.fromEntries([...textsOf(form), ...query]), ...named, provider, organization });
  return Object.fromEntries(all.filter(([, value]) => value !== ""));
}

const textsOf = (form: HandleOidcCallbackRequest["form"]): [string, string][] =>
  Object.entries(form ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string");
