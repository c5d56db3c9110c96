import { toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { UiContainer, UiNode, UiNodeInputAttributes, UiText } from "@ostiary/sdk/gen/ostiary/type/v1/ui_pb.js";
import { UiNodeGroup } from "@ostiary/sdk/gen/ostiary/type/v1/ui_pb.js";

type Children = readonly (Node | string)[];

/** Makes an element; what is undefined is left out. */
export function element(
  tag: string,
  attributes: Readonly<Record<string, unknown>>,
  ...children: Children
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** The form of a flow as elements, with its messages before it. */
export function draw({ messages, nodes }: UiContainer): HTMLElement[] {
  return [
    ...messages.map(message),
    element("form", {}, ...nodes.flatMap((node) => [...drawNode(node), ...node.messages.map(message)])),
  ];
}

const message = ({ id, text }: UiText) => element("p", { class: "message", "data-id": id }, text);

function drawNode({ attributes, group, meta }: UiNode): HTMLElement[] {
  const label = meta?.label?.text ?? "";
  const kind = attributes!.nodeType;
  switch (kind.case) {
    case "input":
      return [drawInput(kind.value, UiNodeGroup[group].toLowerCase(), label)];
    case "text":
      return [element("p", {}, label), element("pre", { id: kind.value.id }, kind.value.text?.text ?? "")];
    case "img":
      return [element("img", { src: kind.value.src, id: kind.value.id, alt: label })];
    case "a":
      return [element("a", { href: kind.value.href, id: kind.value.id }, kind.value.title?.text ?? "")];
    default:
      // The page asks authenticators itself, and has no use for the server's script.
      return [];
  }
}

function drawInput(
  { name, type, value, disabled, required, autocomplete }: UiNodeInputAttributes,
  group: string,
  label: string,
): HTMLElement {
  const given = value && toJson(ValueSchema, value);
  const shared = { name, type, value: given === null ? undefined : String(given ?? ""), disabled, "data-group": group };
  if (type === "submit" || type === "button") return element("button", shared, label);
  const field = element("input", { ...shared, required, autocomplete, checked: type === "checkbox" && given === true });
  if (type === "hidden" && (typeof given === "boolean" || typeof given === "number"))
    field.dataset["json"] = JSON.stringify(given);
  return type === "hidden" ? field : element("label", {}, label, field);
}
