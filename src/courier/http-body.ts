import type { ClientsConfig, OutgoingRequest } from "../config/outgoing-config.ts";
import { bodyAs } from "../outgoing/body.ts";
import { headersOf } from "../outgoing/headers.ts";
import { programOf, sourceAt } from "../outgoing/program.ts";
import type { CourierMessage } from "./entities.ts";

/** What an HTTP channel gets to know of a message, in Kratos' words. */
export function messageContext(message: CourierMessage): Record<string, unknown> {
  const { recipient, subject, body, htmlBody, templateType, templateData, type, requestHeaders } = message;
  return {
    recipient,
    subject,
    body,
    ...(htmlBody !== null && { html_body: htmlBody }),
    template_type: templateType,
    template_data: templateData,
    message_type: type,
    // A list for each name, as programs that were written for Kratos read them.
    request_headers: Object.fromEntries(Object.entries(requestHeaders ?? {}).map(([name, value]) => [name, [value]])),
  };
}

/** The body of the request that hands a message over: what the configured program makes of it, else the standard one. */
export async function bodyOf(
  message: CourierMessage,
  request: OutgoingRequest,
  clients: ClientsConfig,
): Promise<string> {
  const type = headersOf(request)["content-type"];
  if (request.body === undefined) return bodyAs(type, standardBody(message));
  const program = programOf(await sourceAt(request.body, clients));
  return bodyAs(type, program.evaluate({ topLevelArguments: { ctx: messageContext(message) } }));
}

function standardBody({ recipient, templateType, templateData, subject, body }: CourierMessage): unknown {
  const { to, recovery_code, recovery_url, verification_url, verification_code } = templateData as Record<
    string,
    unknown
  >;
  const codes = { recovery_code, recovery_url, verification_url, verification_code };
  const known = Object.fromEntries(Object.entries(codes).map(([name, value]) => [name, value ?? null]));
  return { recipient, template_type: templateType, to: to ?? null, ...known, subject, body };
}
