import { fromJson } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue, MessageInitShape } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { Value } from "@bufbuild/protobuf/wkt";
import { UiNodeGroupSchema, UiNodeTypeSchema, UiTextType } from "#gen/ostiary/type/v1/ui_pb.js";
import type { UiNodeAttributesSchema, UiNodeSchema, UiTextSchema } from "#gen/ostiary/type/v1/ui_pb.js";
import type { Message } from "../ui/message.ts";
import type { UiNode } from "../ui/node.ts";

type Attributes = MessageInitShape<typeof UiNodeAttributesSchema>["nodeType"];

const textTypes = { info: UiTextType.INFO, error: UiTextType.ERROR, success: UiTextType.SUCCESS };
const numbersOf = (desc: typeof UiNodeGroupSchema | typeof UiNodeTypeSchema) => {
  const prefix = desc.sharedPrefix?.toUpperCase() ?? "";
  return new Map(desc.values.map(({ name, number }) => [name.slice(prefix.length).toLowerCase(), number]));
};
const groups = numbersOf(UiNodeGroupSchema);
const types = numbersOf(UiNodeTypeSchema);

/** Presents a message to people. */
export function presentText({ id, text, type, context }: Message): MessageInitShape<typeof UiTextSchema> {
  return { id, text, type: textTypes[type], ...(context && { context: context as JsonObject }) };
}

/** Presents one node of a form. */
export function presentNode(node: UiNode): MessageInitShape<typeof UiNodeSchema> {
  const { label } = node.meta;
  return {
    type: types.get(node.type) ?? 0,
    group: groups.get(node.group) ?? 0,
    attributes: { nodeType: presentAttributes(node) },
    messages: node.messages.map(presentText),
    meta: label ? { label: presentText(label) } : {},
  };
}

/** Presents any JSON. */
export const presentValue = (json: unknown): Value => fromJson(ValueSchema, json as JsonValue);

function presentAttributes({ type, attributes }: UiNode): Attributes {
  const { node_type: _, ...own } = attributes as Record<string, unknown>;
  switch (type) {
    case "input":
      return { case: "input", value: presentInput(own) };
    case "text":
      return { case: "text", value: { id: String(own["id"]), text: presentText(own["text"] as Message) } };
    case "a":
      return {
        case: "a",
        value: { id: String(own["id"]), href: String(own["href"]), title: presentText(own["title"] as Message) },
      };
    default:
      return { case: type, value: own } as Attributes;
  }
}

function presentInput(own: Record<string, unknown>): Extract<Attributes, { case: "input" }>["value"] {
  const { value, label, options, onclickTrigger, onloadTrigger, ...plain } = own;
  return {
    ...(plain as { name: string; type: string; disabled: boolean }),
    ...(value !== undefined && { value: presentValue(value) }),
    ...(label !== undefined && { label: presentText(label as Message) }),
    ...(options !== undefined && {
      options: (options as { value: unknown }[]).map((option) => ({ value: presentValue(option.value) })),
    }),
    ...(onclickTrigger !== undefined && { onclickTrigger: String(onclickTrigger) }),
    ...(onloadTrigger !== undefined && { onloadTrigger: String(onloadTrigger) }),
  };
}
