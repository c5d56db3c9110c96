import { useState } from "preact/hooks";
import type { Json } from "#gen/ostiary/admin_calls.js";
import { JsonField, read, written } from "./json-editor.tsx";

/** A field for JSON of any form, which is taken as soon as it is JSON. */
export function LooseJson({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint?: string;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}) {
  const [text, setText] = useState(written(value));
  const take = (next: string) => {
    setText(next);
    if (!next.trim()) return onChange(undefined);
    const found = read(next);
    if ("value" in found) onChange(found.value);
  };
  return <JsonField label={label} {...(hint && { hint })} text={text} onChange={take} rows={4} mayBeEmpty />;
}
