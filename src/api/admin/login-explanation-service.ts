import { LoginExplanationService } from "#gen/ostiary/admin/v1/login_explanation_service_pb.js";
import { explainLogin } from "../../explain/explain-login.ts";
import { defineService } from "../../server/dispatch.ts";
import { presentSeverity } from "../present-finding.ts";
import { presentTime } from "../present-time.ts";

/** Serves login_explanation_service.proto. */
export const loginExplanationService = defineService(LoginExplanationService, {
  async explainLogin({ question }, ctx) {
    const { canSignIn, summary, found, findings, methods } = await explainLogin(ctx, question!.identifier);
    return {
      canSignIn,
      summary,
      ...(found && {
        account: {
          id: found.account.id,
          foundBy: [...found.foundBy],
          schemaId: found.account.schemaId,
          state: found.account.state,
          organizationId: found.account.organizationId ?? "",
        },
      }),
      findings: findings.map((finding) => ({ cure: "", ...finding, severity: presentSeverity(finding.severity) })),
      methods: methods.map(({ throttledUntil, ...method }) => ({
        cure: "",
        ...method,
        ...(throttledUntil && { throttledUntil: presentTime(throttledUntil) }),
      })),
    };
  },
});
