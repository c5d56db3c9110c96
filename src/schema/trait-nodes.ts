import { generatedLabel } from "../ui/messages.ts";
import { input } from "../ui/node.ts";
import type { UiNode } from "../ui/node.ts";
import type { TraitField } from "./fields.ts";
import type { IdentitySchema } from "./identity-schema.ts";
import { traitAt } from "./trait-at.ts";

const byFormat: Readonly<Record<string, string>> = {
  email: "email",
  tel: "tel",
  uri: "url",
  date: "date",
  "date-time": "datetime-local",
};
const autocompletes = new Set(["email", "tel", "url"]);

/** The name of a trait's node. */
export const nodeNameOf = ({ path }: Pick<TraitField, "path">) => `traits.${path.join(".")}`;

/** How traits are shown. */
interface TraitNodesShape {
  readonly group?: string;
  readonly hidden?: boolean;
  /** What people cannot change. */
  readonly fixed?: Record<string, unknown>;
}

/** The part of a form in which people say what is true of them: a node for each trait, in the schema's order. */
export const traitNodes = (
  { fields }: IdentitySchema,
  traits: Record<string, unknown>,
  { group = "default", hidden = false, fixed = {} }: TraitNodesShape = {},
): UiNode[] =>
  fields.map((field) => {
    const isFixed = traitAt(fixed, field.path) !== undefined;
    return traitNode(isFixed ? { ...field, disabled: true } : field, traitAt(traits, field.path), group, hidden);
  });

function traitNode(field: TraitField, value: unknown, group: string, hidden: boolean): UiNode {
  const name = nodeNameOf(field);
  const type = inputType(field);
  return input(group, name, {
    type: hidden ? "hidden" : type,
    ...(value !== undefined && { value }),
    required: field.required,
    ...(autocompletes.has(type) && { autocomplete: type }),
    ...(field.pattern !== undefined && { pattern: field.pattern }),
    ...(field.options && { options: field.options.map((option) => ({ value: option })) }),
    disabled: field.disabled,
    label: field.title ? generatedLabel(field.title, name) : undefined,
  });
}

function inputType({ type, format, path }: TraitField): string {
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "checkbox";
  if (type === "array") return "text";
  if (path.at(-1) === "password") return "password";
  return (format && byFormat[format]) || "text";
}
