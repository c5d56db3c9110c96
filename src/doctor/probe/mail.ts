import type { Config } from "../../config/config.ts";
import type { SmtpConfig } from "../../config/outgoing-config.ts";
import { courierMessages } from "../../courier/entities.ts";
import { nowhere } from "../../courier/message.ts";
import { createSmtpPool } from "../../courier/smtp.ts";
import { readSmtpUri } from "../../config/smtp-uri.ts";
import type { Reach } from "../../db/connection.ts";
import { find } from "../../db/query.ts";
import { errorMessage } from "../../text/error-message.ts";
import { type DoctorFinding, fine } from "../finding.ts";

const aspect = "courier";
const overdueMs = 5 * 60_000;
const looked = 50;

/** Whether the mail servers let this server in. Nothing is sent. */
export async function probeMailServers({ courier, clients }: Config): Promise<DoctorFinding[]> {
  const servers: (readonly [where: string, smtp: SmtpConfig | undefined])[] = [
    ["courier.smtp.connection_uri", courier.delivery_strategy === "smtp" ? courier.smtp : undefined],
    ...courier.channels.map(
      ({ type, smtp_config }, at) =>
        [`courier.channels[${at}].smtp_config.connection_uri`, type === "smtp" ? smtp_config : undefined] as const,
    ),
  ];
  const used = servers.filter(([, smtp]) => smtp?.connection_uri);
  return Promise.all(used.map(([where, smtp]) => probe(where, smtp!, clients.smtp.disallow_private_ip_ranges)));
}

async function probe(where: string, smtp: SmtpConfig, refusePrivate: boolean): Promise<DoctorFinding> {
  const { host } = readSmtpUri(smtp.connection_uri!);
  const pool = createSmtpPool(smtp, { connections: 1, refusePrivate });
  try {
    await pool.verify();
    return fine(aspect, `The mail server ${host} takes mail from here.`);
  } catch (error) {
    return {
      aspect,
      severity: "error",
      where,
      reason: `The mail server ${host} cannot be used: ${errorMessage(error)}`,
      cure: "Check host, port, user and password; ?disable_starttls=true for one without TLS, ?skip_ssl_verify=true for one with a certificate of its own.",
    };
  } finally {
    pool.close();
  }
}

/** How messages have fared of late. */
export async function probeOutbox(reach: Reach, now: Date): Promise<DoctorFinding[]> {
  const before = new Date(now.getTime() - overdueMs);
  const [waiting] = await find(reach, courierMessages, (query) =>
    query.where("dueAt", "<=", before).orderBy("dueAt").limit(1),
  );
  const last = await find(reach, courierMessages, (query) =>
    query.where("channel", "<>", nowhere).orderBy("id", "desc").limit(looked),
  );
  const lost = last.filter(({ status }) => status === "abandoned").length;
  const findings: DoctorFinding[] = [];
  if (waiting)
    findings.push({
      aspect,
      severity: "error",
      reason: `Messages have waited since ${waiting.dueAt!.toISOString()}: nobody delivers them.`,
      cure: "Start with --watch-courier, or run ostiary courier watch.",
    });
  if (lost)
    findings.push({
      aspect,
      severity: "warning",
      reason: `Of the last ${last.length} messages ${lost} were given up.`,
      cure: "GET /admin/courier/messages?status=abandoned tells why, message by message.",
    });
  return findings;
}
