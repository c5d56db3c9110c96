import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** A part of a screen with a heading of its own. */
export function Card({
  title,
  lead,
  actions,
  isFlush,
  children,
}: {
  title: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  /** Whether what it holds reaches its edges, as tables do. */
  isFlush?: boolean;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class={`card ${isFlush ? "flush" : ""}`} aria-labelledby={id}>
      <header class="card-head">
        <div>
          <h2 id={id}>{title}</h2>
          {lead && <p class="muted">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      <div class="card-body">{children}</div>
    </section>
  );
}

/** Names and what they stand for, in two columns. */
export const Facts = ({
  rows,
}: {
  rows: readonly (readonly [name: string, value: ComponentChildren] | false | undefined | null | "")[];
}) => (
  <dl class="facts">
    {rows.map(
      (row) =>
        row && (
          <div key={row[0]}>
            <dt>{row[0]}</dt>
            <dd>{row[1]}</dd>
          </div>
        ),
    )}
  </dl>
);
