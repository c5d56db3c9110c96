import { hasOption } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import { field as fieldRules, message as messageRules, oneof as oneofRules } from "#gen/buf/validate/validate_pb.js";

/** Whether the contract has a rule (buf.validate) for a message, or for one that it may hold: what has none need not be checked. */
export function hasRules(desc: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(desc)) return false;
  seen.add(desc);
  return (
    hasOption(desc, messageRules) ||
    desc.oneofs.some((oneof) => hasOption(oneof, oneofRules)) ||
    desc.fields.some((field) => hasOption(field, fieldRules) || (field.message && hasRules(field.message, seen)))
  );
}
