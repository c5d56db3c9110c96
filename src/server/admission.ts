import { clearField, getOption, hasOption, isFieldSet } from "@bufbuild/protobuf";
import type { DescField, DescMethod, Message } from "@bufbuild/protobuf";
import { http } from "#gen/google/api/annotations_pb.js";
import { method as methodOption } from "#gen/ostiary/rest/v1/rest_pb.js";
import type { Call } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { jsonFault } from "../text/json-fault.ts";
import { faultFinder } from "./well-formed.ts";

/** The same call, of which its body is known to be unreadable. What is made on demand stays so. */
const toldOf = (call: Call, malformed: string): Call =>
  Object.create(call, { malformed: { value: malformed, enumerable: true } }) as Call;

/** Lets a request on to its handler, or refuses it; the call may be told that its body could not be read. */
export type Admission = (request: Message, call: Call) => Call;

/**
 * What no protocol lets through, by the method. A flow answers what is wrong in its submission with its form, everything
 * else with an error, over REST and gRPC alike.
 */
export function admissionOf(method: DescMethod): Admission {
  const { input } = method;
  const bodyName = hasOption(method, http) ? getOption(method, http).body : "";
  const { form = false, strict = false } = hasOption(method, methodOption) ? getOption(method, methodOption) : {};
  const body = bodyName ? input.fields.find(({ name }) => name === bodyName) : undefined;
  // Made with the first call: few of all calls are made in a process's life.
  let finders: readonly { readonly field: DescField; find(message: Message): string | undefined }[] | undefined;
  const refuse = (text: string) => problem(ErrorReason.BAD_REQUEST, strict ? { message: text } : { reason: text });

  return (request, call) => {
    let malformed = call.malformed ?? (call.unnamed && jsonFault(call.unnamed));
    finders ??= input.fields.map((field) => ({ field, find: faultFinder(field) }));
    for (const { field, find } of finders) {
      const fault = find(request);
      if (fault === undefined) continue;
      if (!form || field !== body) throw refuse(fault);
      clearField(request, field);
      malformed ??= fault;
    }
    if (body?.fieldKind === "message" && malformed === undefined && !isFieldSet(request, body)) {
      if (!form) throw refuse("The request has no body.");
      malformed = "The body is empty.";
    }
    return malformed === call.malformed ? call : toldOf(call, malformed!);
  };
}
