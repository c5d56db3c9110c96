import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { getOption, hasOption } from "@bufbuild/protobuf";
import type { DescFile, DescMethod } from "@bufbuild/protobuf";
import { access } from "#gen/ostiary/access/v1/access_pb.js";

const folder = join(import.meta.dirname, "../../gen/ostiary/admin/v1");
const methods: DescMethod[] = [];
for (const name of readdirSync(folder).filter((one) => one.endsWith("_service_pb.js"))) {
  const exported = (await import(join(folder, name))) as Record<string, { readonly kind?: string }>;
  const file = Object.values(exported).find((one) => one.kind === "file") as DescFile | undefined;
  methods.push(...(file?.services ?? []).flatMap((service) => service.methods));
}

const open = ["GetVersion", "GetConsoleSession", "BeginConsoleSignIn", "CompleteConsoleSignIn", "EndConsoleSession"];

describe("what the contract asks of callers of the admin API", () => {
  it("is said of each call: a scope, or that it is open", () => {
    assert.ok(methods.length > 40);
    for (const method of methods) {
      assert.ok(hasOption(method, access), `${method.name} says nothing of who may call it`);
      const { scope, open: isOpen } = getOption(method, access);
      assert.equal(isOpen, open.includes(method.name), `${method.name}, open`);
      if (!isOpen) assert.match(scope, /^[a-z][a-z_]*\.[a-z]+$/, `${method.name}, its scope`);
    }
  });

  it("is a scope that ends in .read for calls that change nothing, and for no others", () => {
    for (const method of methods) {
      const { scope } = getOption(method, access);
      const reads = method.idempotency === 1;
      if (scope.endsWith(".read")) assert.ok(reads, `${method.name} changes something by ${scope}`);
    }
  });

  it("names fields that are there", () => {
    for (const method of methods) {
      const { subject, fields } = getOption(method, access);
      for (const path of [...(subject ? [subject] : []), ...fields.map(({ field }) => field)]) {
        let message: DescMethod["input"] | undefined = method.input;
        for (const step of path.split(".")) {
          const field: DescMethod["input"]["fields"][number] | undefined = message?.fields.find(
            ({ name }) => name === step,
          );
          assert.ok(field, `${method.name} has no ${path}`);
          message = field.fieldKind === "message" ? field.message : undefined;
        }
      }
    }
  });
});
