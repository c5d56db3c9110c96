import { DoctorService } from "#gen/ostiary/admin/v1/doctor_service_pb.js";
import type { Context } from "../../context.ts";
import type { Finding } from "../../explain/finding.ts";
import { defineService } from "../../server/dispatch.ts";
import type { Service } from "../../server/dispatch.ts";
import { presentSeverity } from "../present-finding.ts";

/** Serves doctor_service.proto by whoever examines. */
export const doctorService = (
  examine: (ctx: Context) => Promise<readonly (Finding & { readonly where?: string })[]>,
): Service =>
  defineService(DoctorService, {
    async examineServer(_request, ctx) {
      const findings = await examine(ctx);
      return {
        findings: findings.map(({ severity, where = "", cure = "", ...finding }) => ({
          ...finding,
          severity: presentSeverity(severity),
          where,
          cure,
        })),
      };
    },
  });
