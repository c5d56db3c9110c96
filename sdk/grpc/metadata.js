import { ConnectError, decodeBinaryHeader, encodeBinaryHeader } from "@connectrpc/connect";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import { Metadata } from "@grpc/grpc-js";

const isBinary = (name) => name.endsWith("-bin");
// What the library itself says on the wire.
const reserved = /^(?:grpc-|content-type$|te$|user-agent$|host$)/;

/** Headers of a call as grpc-js sends them: what ends in -bin as bytes. */
export function metadataOf(headers, options) {
  const metadata = new Metadata(options);
  for (const [name, value] of headers) {
    if (reserved.test(name)) continue;
    if (!isBinary(name)) metadata.add(name, value);
    else for (const one of value.split(",")) metadata.add(name, Buffer.from(decodeBinaryHeader(one.trim())));
  }
  return metadata;
}

/** What a server has sent, as everybody else reads it: bytes in base64. */
export function headersOf(metadata) {
  const headers = new Headers();
  for (const name of Object.keys(metadata.getMap()))
    for (const value of metadata.get(name))
      headers.append(name, typeof value === "string" ? value : encodeBinaryHeader(value));
  return headers;
}

/** An error of a call with the details that it came with; its metadata are those of its beginning and of its end. */
export function errorOf(failure, beginning) {
  if (typeof failure?.code !== "number" || !failure.metadata) return ConnectError.from(failure);
  const told = headersOf(failure.metadata);
  // Both are taken off what a library's user is shown.
  told.set("grpc-status", String(failure.code));
  told.set("grpc-message", encodeURIComponent(failure.details));
  const error = findTrailerError(told) ?? new ConnectError(failure.details, failure.code);
  for (const name of ["grpc-status", "grpc-message", "grpc-status-details-bin"]) error.metadata.delete(name);
  for (const [name, value] of beginning ?? []) error.metadata.append(name, value);
  error.cause = failure;
  return error;
}
