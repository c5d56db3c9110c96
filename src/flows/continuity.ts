import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import { SettingsSubmissionSchema } from "#gen/ostiary/type/v1/submission_pb.js";
import type { SettingsSubmission } from "#gen/ostiary/type/v1/submission_pb.js";
import type { Context } from "../context.ts";
import { open, seal } from "../crypto/cipher.ts";
import { constantTimeEqual, randomToken, sha256Hex } from "../crypto/token.ts";
import type { IdentitySchema } from "../schema/identity-schema.ts";
import { appendCookie, readCookie } from "../session/cookies.ts";
import type { Flow, Memory } from "../flow/flow.ts";
import { defineMemory, isRecord } from "../flow/memory.ts";
import { typedTraits } from "../flow/traits.ts";

const cookieName = "ory_kratos_continuity";
const lifespanMs = 15 * 60_000;
// Longer than what it opens, as Kratos has it: the server decides.
const cookieMs = 30 * 24 * 3_600_000;

/** A submission that waits until its sender has confirmed who they are. */
interface Kept {
  /** SHA-256 of the cookie, in hex: only the browser that submitted may have it applied. */
  readonly browser: string;
  /** In milliseconds since 1970. */
  readonly until: number;
  /** Sealed, since it may hold a password. */
  readonly submission: string;
}

const continuity = defineMemory(
  "continuity",
  (value): value is Kept =>
    isRecord(value) &&
    typeof value["browser"] === "string" &&
    typeof value["until"] === "number" &&
    typeof value["submission"] === "string",
);

/** What a flow remembers of a submission, for the browser that sent it. Forms are typed by the schema on the way. */
export function keepSubmission(ctx: Context, schema: IdentitySchema, submission: SettingsSubmission): Memory {
  const secret = randomToken(43);
  const bytes = toBinary(SettingsSubmissionSchema, typed(ctx, schema, submission));
  appendCookie(ctx, { name: cookieName, value: secret, maxAgeMs: cookieMs });
  return continuity.with({
    browser: sha256Hex(secret),
    until: ctx.now().getTime() + lifespanMs,
    submission: seal(Buffer.from(bytes).toString("base64"), ctx.config.secrets.cookie, "aes"),
  });
}

/** The submission that was kept for this browser. It is given out once. */
export function takeKept(
  ctx: Context,
  flow: Flow,
): { readonly submission: SettingsSubmission | undefined; readonly memory: Memory } | undefined {
  const kept = continuity.of(flow);
  const secret = readCookie(ctx, cookieName);
  if (!kept || !secret || !constantTimeEqual(sha256Hex(secret), kept.browser)) return undefined;
  appendCookie(ctx, { name: cookieName, value: "done", maxAgeMs: 0 });
  const opened = kept.until > ctx.now().getTime() ? open(kept.submission, ctx.config.secrets.cookie) : undefined;
  const submission =
    opened === undefined ? undefined : fromBinary(SettingsSubmissionSchema, Buffer.from(opened, "base64"));
  return { submission, memory: continuity.with(undefined) };
}

function typed(ctx: Context, schema: IdentitySchema, submission: SettingsSubmission): SettingsSubmission {
  const { method } = submission;
  if (method.case !== "profile" || !method.value.traits) return submission;
  const traits = typedTraits(ctx, schema, method.value.traits) as JsonObject;
  return { ...submission, method: { case: "profile", value: { ...method.value, traits } } };
}
