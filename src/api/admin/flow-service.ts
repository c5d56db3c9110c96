import type { JsonObject } from "@bufbuild/protobuf";
import { FlowService } from "#gen/ostiary/admin/v1/flow_service_pb.js";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { Form } from "../../flow/flow.ts";
import { flowKinds } from "../../flow/kinds.ts";
import type { FlowKind } from "../../flow/kinds.ts";
import { listErrors, listFlows } from "../../flow/list.ts";
import type { FlowRow } from "../../flow/statements.ts";
import { defineService } from "../../server/dispatch.ts";
import { openKeysetPage } from "../keyset-page.ts";
import { presentTime } from "../present-time.ts";

const sizes = { usual: 50, most: 500 };

/** Serves flow_service.proto: what people are about to do, and what stopped them. */
export const flowService = defineService(FlowService, {
  async listFlows({ kind, identityId, ...request }, ctx) {
    if (identityId && !isUuid(identityId))
      throw problem(ErrorReason.BAD_REQUEST, { message: "The id of the identity is not a UUID." });
    const page = openKeysetPage(ctx, request, sizes);
    const filter = {
      ...(kind && { kind: kindOf(kind) }),
      ...(identityId && { identityId: identityId.toLowerCase() }),
      ...(page.before && { before: page.before }),
    };
    const { rows, end } = await listFlows(ctx, filter, page.limit);
    const { shown, next } = page.cut(rows, end);
    return { flows: shown.map(present), nextPageToken: next };
  },

  async listFlowErrors(request, ctx) {
    const page = openKeysetPage(ctx, request, sizes);
    const { shown, next } = page.cut(await listErrors(ctx, page.before, page.limit));
    return {
      errors: shown.map(({ id, error, createdAt, seenAt }) => ({
        id,
        error: error as JsonObject,
        createdAt: presentTime(createdAt),
        ...(seenAt && { seenAt: presentTime(seenAt) }),
      })),
      nextPageToken: next,
    };
  },
});

function kindOf(written: string): FlowKind {
  if (!Object.hasOwn(flowKinds, written))
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The kind must be one of ${Object.keys(flowKinds).join(", ")}.`,
    });
  return written as FlowKind;
}

const present = (row: FlowRow) => ({
  id: row.id,
  kind: row.kind,
  type: row.type,
  state: row.state,
  ...(row.active && { active: row.active }),
  // A query may hold what lets somebody in.
  requestUrl: row.requestUrl.split("?", 1)[0]!,
  ...(row.identityId && { identityId: row.identityId }),
  codeTries: row.submitCount,
  notices: "sealed" in row.ui ? [] : noticesIn(row.ui),
  issuedAt: presentTime(row.issuedAt),
  expiresAt: presentTime(row.expiresAt),
});

const noticesIn = ({ messages, nodes }: Form) =>
  [...messages, ...nodes.flatMap((node) => node.messages)].map(({ id, type, text }) => ({
    id: BigInt(id),
    type,
    text,
  }));
