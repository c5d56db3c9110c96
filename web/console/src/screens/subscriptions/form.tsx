import { useState } from "preact/hooks";
import type { Subscription, SubscriptionContentInput } from "#gen/ostiary/admin_calls.js";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/field.tsx";

/** The types that a text names, between blanks or commas. */
const typesIn = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

/** What a subscription is: address, types, and what it is for. */
export function ContentForm({
  before,
  verb,
  isBusy,
  onSave,
}: {
  before?: Subscription;
  verb: string;
  isBusy: boolean;
  onSave: (content: SubscriptionContentInput) => void;
}) {
  const [url, setUrl] = useState(before?.url ?? "");
  const [types, setTypes] = useState(before?.types.join("\n") ?? "");
  const [description, setDescription] = useState(before?.description ?? "");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSave({ url: url.trim(), types: typesIn(types), description });
      }}
    >
      <TextField label="Address" type="url" hint="Where events are sent." value={url} onChange={setUrl} isRequired />
      <TextField
        label="Types"
        hint="One a line; an asterisk stands for any letters, as in Session*. All, where none is named."
        value={types}
        onChange={setTypes}
        rows={4}
        isMono
        isOptional
      />
      <TextField label="Description" hint="What it is for." value={description} onChange={setDescription} isOptional />
      <div>
        <Button kind="primary" type="submit" isBusy={isBusy}>
          {verb}
        </Button>
      </div>
    </form>
  );
}
