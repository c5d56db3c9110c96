import type { DescService } from "@bufbuild/protobuf";
import { FedCmService } from "#gen/ostiary/public/v1/fed_cm_service_pb.js";
import { defineService } from "../server/dispatch.ts";
import type { Service } from "../server/dispatch.ts";

const unbuilt = (services: DescService[]): Service[] => services.map((desc) => defineService(desc, {}));

/** What the public contract promises and nobody serves yet: every call is answered as not implemented. */
export const unbuiltPublicServices = unbuilt([FedCmService]);
