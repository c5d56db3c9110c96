import { toJson } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import {
  ExplainLoginResponseSchema,
  LoginExplanationService,
} from "#gen/ostiary/admin/v1/login_explanation_service_pb.js";
import type { ExplainedMethod, ExplainLoginResponse } from "#gen/ostiary/admin/v1/login_explanation_service_pb.js";
import { FindingSeverity } from "#gen/ostiary/type/v1/finding_pb.js";
import { adminClient, serverOptions, told } from "./admin-client.ts";
import type { Command, CommandCall } from "./command.ts";
import { formatOption, printsJson } from "./format.ts";
import { forTenant, tenantOption } from "./tenant-option.ts";

/** `ostiary explain-login` */
export const explainLoginCommand: Command = {
  name: "explain-login",
  operands: "<identifier, address or id>",
  summary: "Explains whether somebody can sign in, and what is in the way. Exits with 1 if they cannot.",
  options: [...serverOptions, tenantOption, formatOption],
  async run(call) {
    const json = printsJson(call);
    const [identifier, ...more] = call.operands;
    if (identifier === undefined || more.length > 0) throw new Error("needs exactly one identifier, address or ID.");
    const client = await adminClient(call, LoginExplanationService);
    const answer = await told(client.explainLogin({ question: { identifier } }, forTenant(call)));
    if (json) call.out(JSON.stringify(toJson(ExplainLoginResponseSchema, answer, { useProtoFieldName: true })));
    else print(call, answer);
    return answer.canSignIn ? 0 : 1;
  },
};

function print({ out }: CommandCall, { summary, account, findings, methods }: ExplainLoginResponse): void {
  out(summary);
  if (account) out(`\n${account.id}  ${account.state}  schema ${account.schemaId}`);
  out("");
  for (const { severity, aspect, reason, cure } of findings) {
    out(`${FindingSeverity[severity].toLowerCase().padEnd(8)}  ${aspect.padEnd(12)}  ${reason}`);
    if (cure) out(`${" ".repeat(24)}> ${cure}`);
  }
  if (methods.length) out("");
  for (const method of methods) {
    out(`${method.usable ? "usable  " : "-       "}  ${method.method.padEnd(12)}  ${aboutOf(method)}`);
    if (method.cure) out(`${" ".repeat(24)}> ${method.cure}`);
  }
}

const aboutOf = ({ factor, reason, throttledUntil }: ExplainedMethod): string =>
  `${factor === 1 ? "first" : "second"} factor. ${reason}${throttledUntil ? ` Until ${timestampDate(throttledUntil).toISOString()}.` : ""}`;
