// What the contract says of REST, as plugins of buf read it: by the descriptors that they are handed, since nothing is generated yet.
import { getOption, hasOption } from "@bufbuild/protobuf";

/** The options of these files, and what follows of them for fields. */
export function restOf(schema) {
  const extensions = new Map(schema.allFiles.flatMap((file) => file.extensions).map((one) => [one.typeName, one]));
  const shape = extensions.get("ostiary.rest.v1.field");
  const said = (field) => (shape && hasOption(field, shape) ? getOption(field, shape) : {});
  return {
    /** What a caller of the admin API needs; empty where anybody may make the call. */
    scopeOf: (method) => {
      const access = extensions.get("ostiary.access.v1.access");
      return access && hasOption(method, access) ? getOption(method, access).scope : "";
    },
    http: extensions.get("google.api.http"),
    nameOf: (field) => said(field).name || field.name,
    isNullWhenUnset: (field) => Boolean(said(field).nullWhenUnset),
    /** Whether an answer may come without this field: see the defaults in src/rest/encode.ts. */
    mayBeMissing: (field) => {
      const { nullWhenUnset, omitWhenEmpty } = said(field);
      if (omitWhenEmpty) return true;
      if (nullWhenUnset || field.fieldKind === "list" || field.fieldKind === "map") return false;
      return field.oneof !== undefined || field.fieldKind !== "scalar" || field.presence === explicit;
    },
  };
}

const explicit = 1;

/** The names of the fields that a path binds. */
export const pathFieldsOf = ({ pattern }) => [...pattern.value.matchAll(/{(\w+)}/g)].map(([, field]) => field);
