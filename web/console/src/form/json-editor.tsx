import { useState } from "preact/hooks";
import type { Json } from "#gen/ostiary/admin_calls.js";
import { Button } from "../parts/button.tsx";
import { TextField } from "../parts/field.tsx";

/** JSON as people read it. */
export const written = (value: Json | undefined): string => (value === undefined ? "" : JSON.stringify(value, null, 2));

/** Reads JSON; says what is wrong with it. */
export function read(text: string): { readonly value: Json } | { readonly fault: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    return { fault: `This is no JSON: ${(error as Error).message}` };
  }
}

/** What is edited, and who takes it. */
export interface JsonFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly rows?: number;
  /** Whether nothing may stand there. */
  readonly mayBeEmpty?: boolean;
}

/** A field for JSON. */
export function JsonField({ label, hint, text, onChange, rows = 8, mayBeEmpty }: JsonFieldProps) {
  const found = mayBeEmpty && !text.trim() ? undefined : read(text);
  const fault = found && "fault" in found ? found.fault : undefined;
  return <TextField label={label} hint={hint} value={text} onChange={onChange} rows={rows} isMono error={fault} />;
}

/** JSON to read, with a way to change it. */
export function JsonView({ value, label }: { value: Json | undefined; label: string }) {
  const text = written(value);
  return (
    <pre class="json" tabIndex={0} aria-label={label}>
      {text}
    </pre>
  );
}

/** A field for JSON with a button of its own. */
export function JsonEditor({
  label,
  value,
  onSave,
  isBusy,
  rows,
}: {
  label: string;
  value: Json | undefined;
  onSave: (value: Json) => void;
  isBusy: boolean;
  rows?: number;
}) {
  const [text, setText] = useState(written(value ?? null));
  const found = read(text);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if ("value" in found) onSave(found.value);
      }}
    >
      <JsonField label={label} text={text} onChange={setText} {...(rows && { rows })} />
      <div class="actions">
        <Button type="submit" kind="primary" isBusy={isBusy} isDisabled={!("value" in found)}>
          Save
        </Button>
      </div>
    </form>
  );
}
