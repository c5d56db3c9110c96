import { fromJson } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import { OAuth2LoginRequestSchema } from "#gen/ostiary/type/v1/oauth2_pb.js";
import type { OAuth2LoginRequest } from "#gen/ostiary/type/v1/oauth2_pb.js";
import type { LoginRequest } from "../oauth2/authorization-server.ts";
import { authorizationServerFailed } from "../oauth2/problems.ts";

/** Presents what an authorization server waits for: what the contract names, and nothing else that it has said. */
export function presentLoginRequest(request: LoginRequest): OAuth2LoginRequest {
  try {
    return fromJson(OAuth2LoginRequestSchema, request as unknown as JsonObject, { ignoreUnknownFields: true });
  } catch (cause) {
    throw authorizationServerFailed("The OAuth 2.0 server described the sign-in in a way that is not understood.", {
      cause,
    });
  }
}
