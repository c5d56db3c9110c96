import type { ClientsConfig, OutgoingRequest } from "../config/outgoing-config.ts";
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
    request_headers: requestHeaders,
  };
}

/** The body of the request that hands a message over. Rejects where it would have to be made by Jsonnet. */
export async function bodyOf(message: CourierMessage, request: OutgoingRequest, _clients: ClientsConfig): Promise<string> {
  if (request.body !== undefined)
    throw new Error("request_config.body is Jsonnet, which this version does not run: without the key, the standard body is sent.");
  return JSON.stringify(standardBody(message));
}

function standardBody({ recipient, templateType, templateData, subject, body }: CourierMessage): unknown {
  const { to, recovery_code, recovery_url, verification_url, verification_code } = templateData as Record<string, unknown>;
  const codes = { recovery_code, recovery_url, verification_url, verification_code };
  const known = Object.fromEntries(Object.entries(codes).map(([name, value]) => [name, value ?? null]));
  return { recipient, template_type: templateType, to: to ?? null, ...known, subject, body };
}
