import { create } from "@bufbuild/protobuf";
import type { DescMessage, DescMethodUnary, Message } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { createMethodSerializationLookup } from "@connectrpc/connect/protocol";
import type { MethodSerializationLookup } from "@connectrpc/connect/protocol";
import type { Call } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Problem } from "../errors.ts";
import { clientCertificateOf } from "../rest/client-certificate.ts";
import type { ClientCertificate } from "../rest/client-certificate.ts";
import { replyHeaders } from "../rest/reply-headers.ts";
import type { OwnReplyHeaders } from "../rest/reply-headers.ts";
import { requestHeaders } from "../rest/request-headers.ts";
import type { RequestHeaders } from "../rest/request-headers.ts";
import type { ServedTenant } from "../tenant.ts";
import { bytesOf } from "./binary/encode-message.ts";
import { toConnectError } from "./connect-error.ts";
import type { Dispatcher } from "./dispatch.ts";
import { heededByBrowsers, pathOf, peerOf } from "./http.ts";
import type { RequestHead } from "./http.ts";
import { envelopeBytes } from "./unary-request.ts";
import type { UnaryRequest } from "./unary-request.ts";

/** What the short ways to a handler need. */
export interface UnaryOptions {
  readonly dispatcher: Dispatcher;
  baseUrl(req: RequestHead): string;
  /** Whose accounts a request is about, or why it is not looked at. */
  tenantOf(req: RequestHead): ServedTenant | Problem;
  /** How many bytes a message of a call may have. */
  largestMessage(method: DescMethodUnary): number;
  /** Hears of a call that was refused before it was dispatched. */
  refused?(method: DescMethodUnary, call: Pick<Call, "protocol">, refusal: Problem): void;
}

/** A method, and how its messages are read and written. */
export interface UnaryRoute {
  readonly method: DescMethodUnary;
  readonly mostBytes: number;
  readonly messages: MethodSerializationLookup<DescMessage, DescMessage>;
  /** Writes an answer in the binary format, behind the room for its envelope. */
  write(answer: object): Buffer;
}

/** All methods, by their paths. */
export function unaryRoutesOf({ dispatcher: { services }, largestMessage }: UnaryOptions): Map<string, UnaryRoute> {
  const routes = new Map<string, UnaryRoute>();
  for (const { desc } of services)
    for (const method of desc.methods.filter(({ methodKind }) => methodKind === "unary") as DescMethodUnary[]) {
      const mostBytes = largestMessage(method);
      const limits = { readMaxBytes: mostBytes, writeMaxBytes: 0xffffffff };
      const messages = createMethodSerializationLookup(method, undefined, undefined, limits);
      const write = bytesOf(method.output, envelopeBytes);
      routes.set(`/${desc.typeName}/${method.name}`, { method, mostBytes, messages, write });
    }
  return routes;
}

/** What is known of a plain call before its message is read. */
export interface PlainHead {
  readonly route: UnaryRoute;
  readonly asked: UnaryRequest;
  readonly tenant: ServedTenant;
  readonly head: RequestHead;
}

/** A plain call, all of which is known but its message. */
export interface PlainCall {
  readonly route: UnaryRoute;
  readonly asked: UnaryRequest;
  readonly call: UnaryCall;
}

/** Makes a plain call of what its request says before its body. */
export const plainCall = ({ baseUrl }: UnaryOptions, { route, asked, tenant, head }: PlainHead): PlainCall => ({
  route,
  asked,
  call: new UnaryCall(head, tenant, asked, baseUrl),
});

/** What becomes of a call: the bytes of a message behind the room for its envelope, or an error, and what browsers heed beside that. */
export interface Outcome {
  readonly message?: Buffer;
  readonly error?: ConnectError;
  readonly said: Readonly<Record<string, string | string[]>> | undefined;
}

/**
 * What a caller is answered who may not make a call, before its body is read; nothing where nobody has to be asked. The dispatcher
 * refuses them, as it would later, so that they are counted.
 */
export function refusalOf(options: UnaryOptions, plain: PlainCall): Promise<Outcome | undefined> | undefined {
  const { method } = plain.route;
  return options.dispatcher.admit(method, plain.call)?.then(
    () => undefined,
    () => answered(options, plain, () => create(method.input)),
  );
}

/** Carries a plain call out. */
export const carryOut = (options: UnaryOptions, plain: PlainCall, message: Uint8Array): Promise<Outcome> =>
  answered(options, plain, () => parse(plain.route, plain.asked.encoding.binary, message));

async function answered(
  { dispatcher }: UnaryOptions,
  { route, asked, call }: PlainCall,
  read: () => Message,
): Promise<Outcome> {
  const { method } = route;
  try {
    const answer = await dispatcher.dispatch(method, read(), call);
    return { message: written(route, asked.encoding.binary, answer), said: call.heeded() };
  } catch (error) {
    return { error: toConnectError(dispatcher.known(method, error)), said: call.heeded() };
  }
}

function written({ method, messages, write }: UnaryRoute, binary: boolean, answer: Record<string, unknown>): Buffer {
  if (binary) return write(answer);
  const json = messages.getO(false).serialize(create(method.output, answer));
  const framed = Buffer.allocUnsafe(envelopeBytes + json.length);
  framed.set(json, envelopeBytes);
  return framed;
}

/** The error for a message that is longer than it may be. */
export const tooLarge = (mostBytes: number): Problem =>
  problem(ErrorReason.PAYLOAD_TOO_LARGE, { reason: `The message is larger than ${mostBytes} bytes.` });

/** The error for a message that cannot be read. */
export const unreadable = (why: string): Problem =>
  problem(ErrorReason.BAD_REQUEST, { reason: `The message cannot be read: ${why}` });

/** Connect calls a message that cannot be read a fault of the server. It is the client's. */
function parse({ method, messages }: UnaryRoute, binary: boolean, message: Uint8Array): Message {
  if (binary && message.length === 0) return create(method.input);
  try {
    return messages.getI(binary).parse(message);
  } catch (error) {
    throw unreadable(ConnectError.from(error).rawMessage);
  }
}

const noTexts: Call["texts"] = [];

/** The call as handlers see it. What few of them ask for is made when they do. */
class UnaryCall implements Call {
  readonly protocol: Call["protocol"];
  readonly tenant: ServedTenant;
  readonly headers: RequestHeaders;
  readonly method = "POST";
  readonly isNavigation = false;
  readonly isPrefetch = false;
  readonly texts = noTexts;
  readonly timeoutMs?: number;
  readonly reply: { readonly headers: OwnReplyHeaders };
  private readonly head: RequestHead;
  private readonly baseUrl: (req: RequestHead) => string;

  constructor(head: RequestHead, tenant: ServedTenant, asked: UnaryRequest, baseUrl: (req: RequestHead) => string) {
    this.protocol = asked.encoding.protocol;
    this.tenant = tenant;
    this.headers = requestHeaders(head.headers);
    if (asked.timeoutMs !== undefined) this.timeoutMs = asked.timeoutMs;
    this.reply = { headers: replyHeaders() };
    this.head = head;
    this.baseUrl = baseUrl;
  }

  get url(): string {
    return new URL(pathOf(this.head), this.address).href;
  }

  get address(): string {
    return this.baseUrl(this.head);
  }

  get peer(): string {
    return peerOf(this.head);
  }

  get certificate(): ClientCertificate | undefined {
    return clientCertificateOf(this.head);
  }

  /** What has been said that browsers heed. */
  heeded(): Record<string, string | string[]> | undefined {
    const all = this.reply.headers.all();
    let heeded: Record<string, string | string[]> | undefined;
    for (const name in all) if (heededByBrowsers.has(name)) (heeded ??= {})[name] = all[name]!;
    return heeded;
  }
}
