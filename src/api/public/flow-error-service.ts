import type { JsonObject } from "@bufbuild/protobuf";
import { FlowErrorService } from "#gen/ostiary/public/v1/flow_error_service_pb.js";
import { uuidv7 } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { showError } from "../../flow/error-store.ts";
import { ensureCsrfToken } from "../../flow/csrf.ts";
import { defineService } from "../../server/dispatch.ts";
import { describeError } from "../present-error.ts";
import { presentTime } from "../present-time.ts";

const example = "stub:500";
const longAgo = presentTime(new Date("0001-01-01T00:00:00Z"));

/** Serves flow_error_service.proto: the page that shows errors asks here what went wrong. */
export const flowErrorService = defineService(FlowErrorService, {
  async getFlowError({ id, error: olderName }, ctx) {
    ensureCsrfToken(ctx);
    const asked = id || olderName;
    if (asked === example) return exampleError();
    const found = await showError(ctx, asked);
    if (!found) throw problem(ErrorReason.NOT_FOUND);
    return {
      id: found.id,
      error: found.error as JsonObject,
      createdAt: presentTime(found.createdAt),
      updatedAt: presentTime(found.updatedAt),
    };
  },
});

/** What developers of error pages try their pages with. */
const exampleError = () => ({
  id: uuidv7(),
  error: describeError(
    problem(ErrorReason.INTERNAL, { reason: "This is an example error for testing the error page." }),
  ),
  createdAt: longAgo,
  updatedAt: longAgo,
});
