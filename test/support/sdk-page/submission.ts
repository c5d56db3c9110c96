import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

/** What a form says when one of its buttons is pressed, as the JSON of a submission. The button's group is the method. */
export function submissionOf(form: HTMLFormElement, button: HTMLButtonElement): JsonObject {
  const method: JsonObject = {};
  for (const field of form.querySelectorAll("input")) {
    const value = valueOf(field);
    if (value !== undefined) put(method, field.name.split("."), value);
  }
  const { csrf_token = "", ...fields } = method;
  // Buttons that are not named "method" say what to do: with this, or just that it be done.
  if (button.type === "submit" && button.name !== "method")
    fields[button.name] = button.value === "true" || button.value;
  const name = button.name === "method" ? button.value : button.dataset["group"]!;
  return { csrf_token, [name]: fields };
}

function valueOf(field: HTMLInputElement): JsonValue | undefined {
  if (field.type === "checkbox") return field.checked;
  if (field.value === "") return undefined;
  // What the server hides in a form goes back as it was, be it text or not.
  if (field.dataset["json"]) return JSON.parse(field.dataset["json"]);
  return field.type === "number" ? field.valueAsNumber : field.value;
}

function put(into: JsonObject, [name = "", ...rest]: readonly string[], value: JsonValue): void {
  if (rest.length === 0) into[name] = value;
  else put((into[name] ??= {}) as JsonObject, rest, value);
}
