import { createRegistry, toBinary } from "@bufbuild/protobuf";
import type { DescFile } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import type { ConnectRouter } from "@connectrpc/connect";
import { ServerReflection as V1 } from "#gen/grpc/reflection/v1/reflection_pb.js";
import type { ServerReflectionRequest } from "#gen/grpc/reflection/v1/reflection_pb.js";
import { ServerReflection as V1Alpha } from "#gen/grpc/reflection/v1alpha/reflection_pb.js";

type Question = ServerReflectionRequest["messageRequest"];

/** Tells clients what the server speaks, so that they need no files (gRPC server reflection, v1 and v1alpha). */
export function serveReflection(router: ConnectRouter, files: readonly DescFile[]): void {
  const known = new Map<string, DescFile>();
  const add = (file: DescFile) => {
    if (known.has(file.proto.name)) return;
    known.set(file.proto.name, file);
    file.dependencies.forEach(add);
  };
  files.forEach(add);
  const registry = createRegistry(...known.values());
  const services = files.flatMap((file) => file.services.map(({ typeName }) => typeName));

  function fileOf(symbol: string): DescFile | undefined {
    const found = registry.get(symbol);
    if (found) return found.file;
    const dot = symbol.lastIndexOf(".");
    return dot < 0 ? undefined : registry.get(symbol.slice(0, dot))?.file;
  }

  const describe = (file: DescFile | undefined, asked: string) =>
    file
      ? { case: "fileDescriptorResponse" as const, value: { fileDescriptorProto: closureOf(file) } }
      : failure(Code.NotFound, `${asked} is not known here`);

  function answer(question: Question) {
    switch (question.case) {
      case "listServices":
        return { case: "listServicesResponse" as const, value: { service: services.map((name) => ({ name })) } };
      case "fileByFilename":
        return describe(known.get(question.value), question.value);
      case "fileContainingSymbol":
        return describe(fileOf(question.value), question.value);
      case "fileContainingExtension": {
        const { containingType, extensionNumber } = question.value;
        const extendee = registry.getMessage(containingType);
        const extension = extendee && registry.getExtensionFor(extendee, extensionNumber);
        return describe(extension?.file, `extension ${extensionNumber} of ${containingType}`);
      }
      case "allExtensionNumbersOfType":
        return {
          case: "allExtensionNumbersResponse" as const,
          value: { baseTypeName: question.value, extensionNumber: extensionsOf(question.value) },
        };
      default:
        return failure(Code.InvalidArgument, "the request asks nothing");
    }
  }

  function extensionsOf(typeName: string): number[] {
    const all = [...registry].filter((type) => type.kind === "extension");
    return all.filter(({ extendee }) => extendee.typeName === typeName).map(({ number }) => number);
  }

  async function* serverReflectionInfo(requests: AsyncIterable<ServerReflectionRequest>) {
    for await (const request of requests)
      yield { validHost: request.host, originalRequest: request, messageResponse: answer(request.messageRequest) };
  }
  router.service(V1, { serverReflectionInfo });
  // The two versions differ in nothing but their package.
  router.service(V1Alpha, { serverReflectionInfo } as never);
}

const failure = (errorCode: Code, errorMessage: string) => ({
  case: "errorResponse" as const,
  value: { errorCode, errorMessage },
});

/** A file and all that it builds on, each once. */
function closureOf(file: DescFile, seen = new Map<string, Uint8Array>()): Uint8Array[] {
  if (!seen.has(file.proto.name)) {
    seen.set(file.proto.name, toBinary(FileDescriptorProtoSchema, file.proto));
    for (const dependency of file.dependencies) closureOf(dependency, seen);
  }
  return [...seen.values()];
}
