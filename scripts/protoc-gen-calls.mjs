// A plugin of buf: writes what a browser needs to call the admin API over REST, and to name the same call over gRPC: its path and verb, and
// the types of what goes in and comes out. The console reads it, so that no path and no field of it can drift from the contract.
import { getOption, hasOption, ScalarType } from "@bufbuild/protobuf";
import { createEcmaScriptPlugin, getComments, runNodeJs } from "@bufbuild/protoplugin";
import { pathFieldsOf, restOf } from "./rest-options.mjs";

const name = "ostiary/admin_calls";

runNodeJs(
  createEcmaScriptPlugin({
    name: "protoc-gen-calls",
    version: "v1",
    generateJs(schema) {
      const file = schema.generateFile(`${name}.js`);
      file.print("/** The calls of the admin API: where each goes over REST, and what it is called over gRPC. */");
      file.print("export const calls = ", JSON.stringify(tableOf(schema), null, 2), ";");
    },
    generateDts(schema) {
      const file = schema.generateFile(`${name}.d.ts`);
      for (const line of typesOf(schema)) file.print(line);
    },
  }),
);

/** The calls that the admin port serves over REST, each with the rule that leads there. */
function callsOf(schema) {
  const rest = restOf(schema);
  const served = schema.files
    .flatMap((file) => file.services)
    .filter((service) => service.typeName.startsWith("ostiary.admin."))
    .flatMap((service) => service.methods)
    .filter((method) => method.methodKind === "unary" && hasOption(method, rest.http))
    .map((method) => ({ method, rule: getOption(method, rest.http), rest }));
  const names = served.map(({ method }) => method.name);
  const twice = names.find((one, at) => names.indexOf(one) !== at);
  if (twice) throw new Error(`two calls of the admin port are called ${twice}: the console knows calls by their names`);
  return served;
}

function tableOf(schema) {
  return Object.fromEntries(
    callsOf(schema).map(({ method, rule, rest }) => [
      method.name,
      {
        service: method.parent.typeName,
        rpc: method.name,
        verb: rule.pattern.case.toUpperCase(),
        path: rule.pattern.value,
        body: rule.body,
        answer: rule.responseBody,
        scope: rest.scopeOf(method),
        says: (getComments(method).leading ?? "").replaceAll(/\s+/g, " ").trim(),
        words: Object.fromEntries(wordsIn(method.input, rest)),
      },
    ]),
  );
}

/** Where in a request words stand that gRPC calls otherwise: paths of fields, and what is put before the word in capitals. */
function wordsIn(message, rest, way = [], above = []) {
  if (isForeign(message) || above.includes(message)) return [];
  return message.fields.flatMap((field) => {
    const here = [...way, rest.nameOf(field)];
    if (field.enum) return [[here.join("."), field.enum.sharedPrefix.toUpperCase()]];
    return field.message ? wordsIn(field.message, rest, here, [...above, message]) : [];
  });
}

function* typesOf(schema) {
  const calls = callsOf(schema);
  yield "/** Any JSON. */";
  yield "export type Json = null | boolean | number | string | readonly Json[] | JsonObject;";
  yield "/** A JSON object. */";
  yield "export interface JsonObject { readonly [name: string]: Json }";
  yield "/** Where a call goes over REST, and what it is called over gRPC. */";
  yield "export interface CallShape { readonly service: string; readonly rpc: string; readonly verb: string; readonly path: string; readonly body: string; readonly answer: string; readonly scope: string; readonly says: string; readonly words: Readonly<Record<string, string>> }";
  yield "/** The calls of the admin API. */";
  yield "export declare const calls: { readonly [Name in keyof Calls]: CallShape };";
  yield "/** What goes into each call and what comes out of it. */";
  yield "export interface Calls {";
  for (const { method, rule } of calls) {
    const answer = method.output.fields.find((field) => field.name === rule.responseBody);
    const answered = answer ? typeOf(answer, "answer") : nameIn(method.output, "answer");
    yield `  ${method.name}: { readonly request: ${nameIn(method.input, "request")}; readonly answer: ${answered} };`;
  }
  yield "}";
  const written = new Set();
  const queue = calls.flatMap(({ method, rule, rest }) => [
    { message: method.input, way: "request", needed: pathFieldsOf(rule), rest },
    { message: method.output, way: "answer", rest },
  ]);
  for (const { message, way, needed = [], rest } of queue) {
    const called = nameIn(message, way);
    if (written.has(called) || isForeign(message)) continue;
    written.add(called);
    yield `/** ${(getComments(message).leading ?? called).replaceAll(/\s+/g, " ").trim()} */`;
    yield `export interface ${called} {`;
    for (const field of message.fields) {
      const said = (getComments(field).leading ?? "").replaceAll(/\s+/g, " ").trim();
      if (said) yield `  /** ${said} */`;
      const open = way === "request" ? !needed.includes(field.name) : rest.mayBeMissing(field);
      const empty = way === "answer" && rest.isNullWhenUnset(field) ? " | null" : "";
      yield `  readonly ${JSON.stringify(rest.nameOf(field))}${open ? "?" : ""}: ${typeOf(field, way)}${empty};`;
      if (field.message) queue.push({ message: field.message, way, rest });
    }
    yield "}";
  }
}

/** What is sent may be left out in parts, what is answered is whole: messages of both ways have two types. */
const nameIn = (message, way) =>
  foreign[message.typeName] ??
  (way === "request" && !message.name.endsWith("Request") ? `${message.name}Input` : message.name);

function typeOf(field, way) {
  const one = elementOf(field, way);
  if (field.fieldKind === "list") return `readonly (${one})[]`;
  return field.fieldKind === "map" ? `Readonly<Record<string, ${one}>>` : one;
}

function elementOf(field, way) {
  if (field.message) return nameIn(field.message, way);
  if (field.enum)
    return field.enum.values
      .filter(({ number }) => number !== 0)
      .map(({ name: word }) => JSON.stringify(word.slice(field.enum.sharedPrefix.length).toLowerCase()))
      .join(" | ");
  if (field.scalar === ScalarType.BOOL) return "boolean";
  return [ScalarType.STRING, ScalarType.BYTES].includes(field.scalar) ? "string" : "number";
}

const foreign = {
  "google.protobuf.Timestamp": "string",
  "google.protobuf.Duration": "string",
  "google.protobuf.Struct": "JsonObject",
  "google.protobuf.Value": "Json",
  "google.protobuf.FieldMask": "string",
  "google.api.HttpBody": "unknown",
};

const isForeign = (message) => Object.hasOwn(foreign, message.typeName);
