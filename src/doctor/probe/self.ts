import type { Config } from "../../config/config.ts";
import { callOut } from "../../outgoing/request.ts";
import { errorMessage } from "../../text/error-message.ts";
import { type DoctorFinding, fine } from "../finding.ts";

const timeoutMs = 5_000;
const aspect = "server";

/** Whether the server answers where its clients look for it: by its public address, through whatever stands in front. */
export async function probeSelf({ serve, clients }: Config): Promise<DoctorFinding[]> {
  const { base_url: base } = serve.public;
  const where = "serve.public.base_url";
  try {
    const { status, body } = await callOut(
      { url: new URL("health/ready", base).href },
      // The address is the operator's own.
      {
        timeoutMs,
        mostBytes: 64 * 1024,
        clients: { ...clients, http: { ...clients.http, disallow_private_ip_ranges: false } },
      },
    );
    if (status === 200) return [fine(aspect, `${base} answers.`)];
    const ours = isHealth(body);
    return [
      {
        aspect,
        severity: "error",
        where,
        reason: ours ? `${base} says that it is not ready.` : `${base} answers ${status}, and not as this server does.`,
        cure: ours ? "GET /health/ready on the admin port says why." : "Check the address, and what stands in front.",
      },
    ];
  } catch (error) {
    return [
      {
        aspect,
        severity: "note",
        where,
        reason: `${base} does not answer: ${errorMessage(error)}`,
        cure: "If the server runs, check the address and what stands in front; else there is nothing to do.",
      },
    ];
  }
}

function isHealth(body: Buffer): boolean {
  try {
    return "errors" in (JSON.parse(body.toString()) as object);
  } catch {
    return false;
  }
}
