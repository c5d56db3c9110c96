import type { CourierMessage } from "../courier/entities.ts";

type Made = Pick<CourierMessage, "templateData">;

/** The code in a message, if there is one. */
export const codeIn = ({ templateData: { login_code, registration_code, recovery_code, verification_code } }: Made) =>
  login_code ?? registration_code ?? recovery_code ?? verification_code;

/** The link in a message, if there is one that leads to the web. */
export function linkIn({ templateData }: Made): string | undefined {
  const { recovery_url, verification_url, invitation_url, cancel_url } = templateData;
  const link = recovery_url ?? verification_url ?? invitation_url ?? cancel_url;
  return link !== undefined && /^https?:\/\//i.test(link) ? link : undefined;
}
