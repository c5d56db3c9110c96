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
import { formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";
import { forTenant, tenantOption } from "./tenant-option.ts";

/** `ostiary explain-login` */
export const explainLoginCommand: Command = {
  name: "explain-login",
  operands: [{ name: "<identifier>", summary: "What they sign in by, an address, or an id." }],
  summary: "Explains whether somebody can sign in, and what is in the way. Exits with 1 if they cannot.",
  options: [...serverOptions, tenantOption, ...formatOptions],
  async run(call) {
    const printer = await printerFor(call);
    const identifier = call.operands[0]!;
    const client = await adminClient(call, LoginExplanationService);
    const answer = await told(client.explainLogin({ question: { identifier } }, forTenant(call)));
    await printer.words(
      () => print(call, answer),
      toJson(ExplainLoginResponseSchema, answer, { useProtoFieldName: true }),
    );
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
