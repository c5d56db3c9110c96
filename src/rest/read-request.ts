import type { JsonObject, Message } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { BodyError } from "./body-error.ts";
import { collect, parseBody } from "./body.ts";
import type { HttpRequest, RestCall } from "./call.ts";
import { DecodeError, decodeField } from "./decode.ts";
import type { RequestHeaders } from "./request-headers.ts";
import type { Match } from "./route.ts";

/** Path and query into the fields of their names. The query knows only text, and names lists by repeating. */
export function readParameters(request: Message, query: URLSearchParams | undefined, { route, params }: Match): void {
  if (!query && !params.size) return;
  for (const field of route.method.input.fields) {
    if (field === route.bodyField) continue;
    const bound = params.get(field.name) ?? params.get(field.localName);
    const sent = bound !== undefined ? [bound] : (query?.getAll(field.name) ?? []);
    if (!sent.length) continue;
    if (field.fieldKind === "list") decodeField(request, field, sent, { text: true });
    else if (sent[0] !== "" || field.fieldKind !== "scalar" || field.presence === FeatureSet_FieldPresence.EXPLICIT)
      decodeField(request, field, sent[0]!, { text: true });
  }
}

/** The body into the field that it is for. What is wrong with a form, its flow tells. */
export async function readBody(
  request: Message,
  req: HttpRequest,
  { route }: Match,
  call: RestCall,
  mostBytes: number,
): Promise<void> {
  const { form = false, strict = false } = route.shape ?? {};
  if (!route.body) {
    if (form) call.malformed = "Submit the form by POST.";
    return;
  }
  try {
    const bytes = await collect(req, mostBytes);
    const type = form || showsBrowser(call.headers) ? (call.headers.get("content-type") ?? "") : "application/json";
    const parsed = parseBody(bytes, type, { forms: form });
    const unnamed = (members: JsonObject) => void (call.unnamed = members);
    decodeField(request, route.bodyField!, parsed.json, { strict, text: parsed.form, loose: form, unnamed });
    call.texts = parsed.texts;
  } catch (error) {
    const told = error instanceof BodyError || error instanceof DecodeError;
    if (!told || !form || (error instanceof BodyError && error.kind === "too-large")) throw error;
    call.malformed = error.message;
  }
}

/**
 * Whether a request comes from a browser. Whoever calls by hand often leaves the type of the JSON out; only a browser can be made to send
 * such a body by another site, and it says that it is one.
 */
export const showsBrowser = (headers: RequestHeaders) => headers.has("origin") || headers.has("sec-fetch-site");
