import type { ComponentChildren } from "preact";
import type { CallError } from "../calls/call-error.ts";

/** What went wrong: the sentence, the id in the catalogue, and the request to look for in the log. */
export function ErrorNote({ error }: { error: CallError | undefined }) {
  if (!error) return null;
  return (
    <div class="note danger" role="alert">
      <p>{error.message}</p>
      <p class="note-id">
        <code>{error.id}</code>
        {error.request && (
          <>
            {" "}
            request <code>{error.request}</code>
          </>
        )}
      </p>
    </div>
  );
}

/** A sentence or two beside the matter. */
export const Note = ({
  tone = "calm",
  children,
}: {
  tone?: "calm" | "good" | "warning" | "danger";
  children: ComponentChildren;
}) => <div class={`note ${tone}`}>{children}</div>;

/** What is shown where there is nothing. */
export const Empty = ({ title, children }: { title: string; children?: ComponentChildren }) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    {children && <div class="empty-more">{children}</div>}
  </div>
);

/** A word on how something is. */
export const Badge = ({
  tone = "calm",
  children,
}: {
  tone?: "calm" | "good" | "warning" | "danger" | "accent";
  children: ComponentChildren;
}) => <span class={`badge ${tone}`}>{children}</span>;

/** Bars in the place of what is on its way. */
export const Loading = ({ lines = 4 }: { lines?: number }) => (
  <div class="loading" role="status">
    <span class="hidden">Loading</span>
    {Array.from({ length: lines }, (_, at) => (
      <span class="bar" key={at} />
    ))}
  </div>
);
