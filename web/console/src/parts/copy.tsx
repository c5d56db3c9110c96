import { useState } from "preact/hooks";
import { say } from "./say.tsx";

/** A button that copies a text. */
export function Copy({ text, what }: { text: string; what: string }) {
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    say(`Copied ${what}.`);
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <button type="button" class="button quiet small" onClick={() => void copy()} aria-label={`Copy ${what}`}>
      {isDone ? "Copied" : "Copy"}
    </button>
  );
}

/** An id, short enough for a table, whole for whoever copies it. */
export const Id = ({ value }: { value: string }) => (
  <code class="id" title={value}>
    {value}
  </code>
);
