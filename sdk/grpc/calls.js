import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { status } from "@grpc/grpc-js";
import { once } from "node:events";
import { markBrokenOff } from "./broken-off.js";
import { errorOf, headersOf, metadataOf } from "./metadata.js";

const pathOf = ({ parent, name }) => `/${parent.typeName}/${name}`;
const writerOf =
  ({ input }) =>
  (message) =>
    Buffer.from(toBinary(input, message));
const readerOf =
  ({ output }) =>
  (bytes) =>
    fromBinary(output, bytes);

const isEmpty = (metadata) => Object.keys(metadata?.getMap() ?? {}).length === 0;

/** Cancels a call once nobody waits for it any more. */
function follow(signal, call) {
  const cancel = () => call.cancel();
  if (signal.aborted) cancel();
  else signal.addEventListener("abort", cancel, { once: true });
}

/** Makes a call of one message and one answer. */
export function callUnary(client, request, options, deadline) {
  const { method, signal, header, message } = request;
  const base = { stream: false, service: method.parent, method };
  return new Promise((resolve, reject) => {
    let beginning;
    let answer;
    const done = (error, value) => {
      if (error) reject(failed(error));
      else answer = value;
    };
    // Without an end to what was begun: a server that refuses says so in one.
    const failed = (error) => {
      const told = errorOf(error, beginning);
      return beginning && isEmpty(error.metadata) ? markBrokenOff(told) : told;
    };
    const words = [metadataOf(header, options), { deadline }, done];
    const call = client.makeUnaryRequest(pathOf(method), writerOf(method), readerOf(method), message, ...words);
    follow(signal, call);
    call.on("metadata", (metadata) => (beginning = headersOf(metadata)));
    // Comes after the answer, and with what the end of a call says.
    call.on("status", ({ metadata }) => {
      if (answer)
        resolve({ ...base, header: beginning ?? new Headers(), message: answer, trailer: headersOf(metadata) });
    });
  });
}

/** Makes a call in which one side or both say more than one thing. */
export async function callStream(client, request, options, deadline) {
  const { method, signal, header, message } = request;
  const words = [metadataOf(header, options), { deadline }];
  const call = client.makeBidiStreamRequest(pathOf(method), writerOf(method), readerOf(method), ...words);
  follow(signal, call);
  const trailer = new Headers();
  const { begun, ended } = watch(call, trailer);
  let unsent;
  send(call, message, signal).catch((error) => {
    unsent = error;
    call.cancel();
  });
  const beginning = await begun.catch((error) => Promise.reject(unsent ?? errorOf(error)));
  async function* receive() {
    // What has come counts, also of a call that has failed by now; why it failed is told by its end.
    yield* readAll(call);
    const failure = await ended;
    if (failure) throw unsent ?? errorOf(failure, beginning);
  }
  return { stream: true, service: method.parent, method, header: beginning, trailer, message: receive() };
}

/** When a call begins to be answered, which one that fails at once never does, and by which error it ends, if any. */
function watch(call, trailer) {
  const begun = Promise.withResolvers();
  const ended = Promise.withResolvers();
  call.once("metadata", (metadata) => begun.resolve(headersOf(metadata)));
  call.on("error", (error) => {
    begun.reject(error);
    ended.resolve(error);
  });
  call.once("status", ({ code, metadata }) => {
    headersOf(metadata).forEach((value, name) => trailer.append(name, value));
    if (code !== status.OK) return;
    begun.resolve(new Headers());
    ended.resolve(undefined);
  });
  return { begun: begun.promise, ended: ended.promise };
}

async function* readAll(call) {
  try {
    yield* call;
  } catch {
    // Told by the end of the call.
  }
}

async function send(call, messages, signal) {
  for await (const message of messages) {
    if (signal.aborted) return;
    if (!call.write(message)) await once(call, "drain", { signal });
  }
  call.end();
}
