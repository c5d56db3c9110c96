import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** What a screen begins with. */
export interface PageProps {
  readonly title: string;
  /** A sentence on what is seen here. */
  readonly lead?: ComponentChildren;
  /** The way up: a path and its name. */
  readonly above?: { readonly path: string; readonly name: string };
  readonly actions?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** A screen: its heading is where the keyboard begins after a change of the place. */
export function Page({ title, lead, above, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Ostiary console`;
  }, [title]);
  useEffect(() => {
    if (moves.counted++ > 0) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <header class="page-head">
        <div class="page-title">
          {above && (
            <a class="page-above" href={`/console${above.path}`}>
              {above.name}
            </a>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p class="page-lead">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

// The first screen leaves the focus where browsers put it: at the start, before the link that skips navigation.
const moves = { counted: 0 };
