import type { Context } from "../context.ts";
import { findMessage, listMessages } from "../courier/list.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import type { Finding } from "./finding.ts";

const mostAddresses = 5;

/** What has become of the last message to each address of somebody: a code that never came lets nobody in. */
export async function findMessageFaults(ctx: Context, account: IdentityWithCredentialsRow): Promise<Finding[]> {
  const reached = [...account.verifiableAddresses, ...account.recoveryAddresses].map(({ value }) => value);
  const codes = account.credentials.filter(({ type }) => type === "code").flatMap(({ identifiers }) => identifiers);
  const findings: Finding[] = [];
  for (const recipient of [...new Set([...codes, ...reached])].slice(0, mostAddresses)) {
    const [last] = await listMessages(ctx, { recipient }, 1);
    if (!last || last.status === "sent" || last.status === "processing") continue;
    const when = last.createdAt.toISOString();
    const tried = last.sendCount > 0;
    if (last.status === "queued" && !tried) {
      findings.push({
        aspect: "message",
        severity: "note",
        reason: `The last message to ${recipient} (${last.templateType}, ${when}) waits to be sent.`,
        cure: "If it stays so, nobody delivers: run ostiary serve --watch-courier, or ostiary courier watch.",
      });
      continue;
    }
    const error = (await findMessage(ctx, last.id))?.dispatches.at(-1)?.error?.message;
    findings.push({
      aspect: "message",
      severity: "warning",
      reason: `The last message to ${recipient} (${last.templateType}, ${when}) was ${last.status === "abandoned" ? "given up" : "not sent yet"}${error ? `: ${error}` : "."}`,
      cure: "Mend the way to the recipient (courier), and let the person ask for another one.",
    });
  }
  return findings;
}
