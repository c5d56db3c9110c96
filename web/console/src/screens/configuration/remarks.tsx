import type { ConfigurationRemark } from "#gen/ostiary/admin_calls.js";
import { Card } from "../../parts/card.tsx";
import { Badge } from "../../parts/notes.tsx";

const kinds = {
  insecure: ["danger", "insecure"],
  unlikely: ["warning", "unlikely"],
  without_effect: ["warning", "no effect"],
  deprecated: ["calm", "deprecated"],
  pageless: ["calm", "built-in page"],
} as const;

/** What is to be said of a configuration. */
export function Remarks({ remarks }: { remarks: readonly ConfigurationRemark[] }) {
  if (!remarks.length) return null;
  return (
    <Card title="Remarks" lead="What is less safe than it could be, hardly meant, or written without effect.">
      <ul class="lines">
        {remarks.map(({ kind, text }) => {
          const [tone, name] = kinds[kind as keyof typeof kinds] ?? (["calm", kind] as const);
          return (
            <li key={kind + text}>
              <Badge tone={tone}>{name}</Badge>
              <span class="grow">{text}</span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
