import type { ComponentChildren, InputHTMLAttributes, VNode } from "preact";
import { useId } from "preact/hooks";

/** What an input needs to be told of its field. */
export interface Described {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": "true" | undefined;
}

/** The name of an input, what it is for, and what is wrong with it. */
export interface FieldProps {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly isOptional?: boolean;
  readonly children: (described: Described) => VNode;
}

/** An input with its label, its hint and its error. */
export function Field({ label, hint, error, isOptional, children }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>
        {label} {isOptional && <span class="muted">optional</span>}
      </label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? "true" : undefined })}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

/** What a text field holds, and who hears of changes. */
export interface TextFieldProps extends Omit<FieldProps, "children"> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: "text" | "email" | "tel" | "url" | "password" | "date" | "datetime-local" | "time" | "number";
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly isMono?: boolean;
  /** How many lines; one where it is left out. */
  readonly rows?: number;
  readonly name?: string;
}

// Types of attributes go by the input's type, which is not known here.
type Attributes = InputHTMLAttributes<HTMLInputElement>;

/** A field for text, of one line or several. */
export function TextField(props: TextFieldProps) {
  const { value, onChange, type = "text", placeholder, isRequired, isMono, rows, name, ...field } = props;
  const hold = (event: Event) => onChange((event.currentTarget as HTMLInputElement).value);
  const shared = { value, placeholder, name, required: isRequired, class: isMono ? "mono" : undefined, onInput: hold };
  return (
    <Field {...field}>
      {(described) =>
        rows ? (
          <textarea {...described} {...shared} rows={rows} spellcheck={!isMono} />
        ) : (
          <input
            {...(Object.assign(described, shared, { type, autocomplete: "off", spellcheck: false }) as Attributes)}
          />
        )
      }
    </Field>
  );
}

/** A field to choose one of a few. */
export function SelectField({
  value,
  onChange,
  choices,
  ...field
}: Omit<FieldProps, "children"> & {
  value: string;
  onChange: (value: string) => void;
  choices: readonly (readonly [value: string, name: string])[];
}) {
  return (
    <Field {...field}>
      {(described) => (
        <select {...described} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {choices.map(([one, name]) => (
            <option value={one} key={one} selected={one === value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A field for yes or no. */
export function CheckField({
  label,
  hint,
  value,
  onChange,
}: {
  label: ComponentChildren;
  hint?: ComponentChildren;
  value: boolean;
  onChange: (value: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="field check">
      <input
        id={id}
        type="checkbox"
        checked={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
