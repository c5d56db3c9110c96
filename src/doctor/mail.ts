import type { Config } from "../config/config.ts";
import type { DoctorFinding } from "./finding.ts";

const aspect = "courier";

/** Whether messages have a way out, by what is configured. */
export function judgeMail(config: Config): DoctorFinding[] {
  const { courier, dev } = config;
  const mailHasWay =
    Boolean(courier.delivery_strategy === "http" ? courier.http.request_config : courier.smtp.connection_uri) ||
    courier.channels.some(({ carries }) => carries === "email");
  const senders = sendersOf(config);
  const findings: DoctorFinding[] = [];
  if (!mailHasWay)
    findings.push(
      courier.inbox
        ? { aspect, severity: "ok", reason: "No mail server is set: messages are read in the inbox, /ui/inbox." }
        : {
            aspect,
            severity: senders.length ? "error" : "note",
            where: "courier.smtp.connection_uri",
            reason: senders.length
              ? `It is not set, and ${senders.join(", ")} send mail.`
              : "It is not set; nothing that is switched on sends mail.",
            cure: "Set it: smtp://user:password@mail.example.org:587/",
          },
    );
  if (courier.inbox && !dev)
    findings.push({
      aspect,
      severity: "error",
      where: "courier.inbox",
      reason: "Outside development everybody can read all messages, with their codes and links.",
      cure: "Leave it out.",
    });
  if (mailHasWay && courier.smtp.from_address.endsWith("@ory.kratos.sh"))
    findings.push({
      aspect,
      severity: dev ? "note" : "warning",
      where: "courier.smtp.from_address",
      reason: `Mail goes out as ${courier.smtp.from_address}, for which you cannot speak: receivers take it for spam.`,
      cure: "Set an address of your own domain.",
    });
  return findings;
}

function sendersOf({ selfservice: { flows, methods } }: Config): string[] {
  const { passwordless_enabled: alone, mfa_enabled: second } = methods.code;
  const senders: readonly (readonly [boolean, string])[] = [
    [flows.recovery.enabled, "selfservice.flows.recovery"],
    [flows.verification.enabled, "selfservice.flows.verification"],
    [alone || second, "selfservice.methods.code"],
  ];
  return senders.filter(([on]) => on).map(([, key]) => key);
}
