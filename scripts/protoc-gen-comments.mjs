// A plugin of buf: writes the comments of the contract as a module, which the OpenAPI document and the reference read.
import { createEcmaScriptPlugin, getComments, runNodeJs } from "@bufbuild/protoplugin";
import { nestedTypes } from "@bufbuild/protobuf/reflect";

const name = "ostiary/comments";

runNodeJs(
  createEcmaScriptPlugin({
    name: "protoc-gen-comments",
    version: "v1",
    generateJs(schema) {
      const file = schema.generateFile(`${name}.js`);
      const comments = Object.fromEntries(schema.files.flatMap(commentsOf));
      file.print("/** What the contract says of a service, call, message, field or enum, by its full name. */");
      file.print("export const comments = ", JSON.stringify(comments, null, 2), ";");
    },
    generateDts(schema) {
      const file = schema.generateFile(`${name}.d.ts`);
      file.print("/** What the contract says of a service, call, message, field or enum, by its full name. */");
      file.print("export declare const comments: Readonly<Record<string, string>>;");
    },
  }),
);

function commentsOf(file) {
  const all = [];
  for (const type of nestedTypes(file)) {
    all.push([type.typeName, type]);
    if (type.kind === "message") for (const field of type.fields) all.push([`${type.typeName}.${field.name}`, field]);
    if (type.kind === "enum") for (const value of type.values) all.push([`${type.typeName}.${value.name}`, value]);
    if (type.kind === "service")
      for (const method of type.methods) all.push([`${type.typeName}.${method.name}`, method]);
  }
  return all.map(([key, desc]) => [key, told(desc)]).filter(([, text]) => text);
}

const told = (desc) =>
  (getComments(desc).leading ?? "")
    .split("\n")
    .map((line) => line.trim())
    .join(" ")
    .trim();
