import type { CourierMessage } from "#gen/ostiary/admin_calls.js";
import { Badge } from "../../parts/notes.tsx";
import type { Column } from "../../parts/table.tsx";
import { Time } from "../../parts/time.tsx";

const tones = { queued: "accent", processing: "accent", sent: "good", abandoned: "danger" } as const;

/** How far a message has come. */
export const MessageStatus = ({ status }: { status: CourierMessage["status"] }) => (
  <Badge tone={tones[status ?? "queued"]}>{status}</Badge>
);

/** A template's name as people would put it: recovery_code_valid is "Recovery code, valid". */
export const templateName = (template: string): string => {
  const words = template.replace(/_(valid|invalid)$/, ", $1").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** What tables of messages show. */
export const messageColumns: readonly Column<CourierMessage>[] = [
  {
    head: "Message",
    isName: true,
    cell: ({ id, template_type, channel, type }) => (
      <>
        <a href={`/console/messages/${id}`}>{templateName(template_type)}</a>
        <span class="second">{channel || type}</span>
      </>
    ),
  },
  { head: "To", cell: ({ recipient }) => <span class="break">{recipient}</span> },
  { head: "Status", cell: ({ status }) => <MessageStatus status={status} /> },
  { head: "Attempts", cell: ({ send_count }) => send_count, isEnd: true },
  { head: "Made", cell: ({ created_at }) => <Time value={created_at} /> },
];
