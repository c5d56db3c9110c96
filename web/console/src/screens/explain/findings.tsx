import { Badge } from "../../parts/notes.tsx";

/** Something that was found out. */
export interface Finding {
  readonly aspect: string;
  readonly severity?: string;
  readonly reason: string;
  readonly where?: string;
  readonly cure?: string;
}

const tones: Readonly<Record<string, "danger" | "warning" | "good" | "calm">> = {
  error: "danger",
  warning: "warning",
  ok: "good",
  note: "calm",
};

/** What was found out, each with its cure. */
export const Findings = ({ findings }: { findings: readonly Finding[] }) => (
  <ul class="lines">
    {findings.map(({ aspect, severity = "note", reason, where, cure }, at) => (
      <li key={at}>
        <Badge tone={tones[severity] ?? "calm"}>{aspect}</Badge>
        <span class="grow">
          {reason} {where && <code>{where}</code>}
          {cure && <span class="second">{cure}</span>}
        </span>
      </li>
    ))}
  </ul>
);
