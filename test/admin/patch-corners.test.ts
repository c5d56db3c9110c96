import assert from "node:assert/strict";
import { onEachDatabase } from "../support/servers.ts";

type Row = readonly [document: unknown, patch: readonly object[], expected: unknown];

const at = "/metadata_admin";
const add = (path: string, value: unknown) => ({ op: "add", path: at + path, value });
const replace = (path: string, value: unknown) => ({ op: "replace", path: at + path, value });
const remove = (path: string) => ({ op: "remove", path: at + path });

/** What a patch makes of a document, by RFC 6902; an expectation that is a pattern is the reason of a refusal. */
const rows: readonly Row[] = [
  // Section 4.1: what is there is replaced, an item is put before the one of its number, `-` is behind the last.
  [{ a: 1 }, [add("/a", 2)], { a: 2 }],
  [{ l: [1, 2] }, [add("/l/0", 0)], { l: [0, 1, 2] }],
  [{ l: [1, 2] }, [add("/l/2", 3)], { l: [1, 2, 3] }],
  [{ l: [1, 2] }, [add("/l/-", 3), add("/l/-", 4)], { l: [1, 2, 3, 4] }],
  [{ l: [[1], [2]] }, [add("/l/1/-", 3)], { l: [[1], [2, 3]] }],
  [{ l: [] }, [add("/l/-", [1])], { l: [[1]] }],
  [{ l: [1] }, [add("/l/3", 2)], /no item/],
  [{ l: [1] }, [add("/l/01", 2)], /no item/],
  [{ l: [1] }, [add("/l/-1", 2)], /no item/],
  [{ l: [1] }, [add("/l/1e0", 2)], /no item/],
  [{ a: "text" }, [add("/a/b", 1)], /nothing at/],
  [{ a: 1 }, [add("/b", null)], { a: 1, b: null }],
  [{ a: 1 }, [add("", [1])], [1]],
  // Section 4.2.
  [{ l: [1, 2, 3] }, [remove("/l/1"), remove("/l/1")], { l: [1] }],
  [{ l: [1] }, [remove("/l/-")], /no item/],
  [{ l: [1] }, [remove("/l/1")], /no item/],
  [{ a: 1 }, [remove("/b")], /nothing at/],
  [{ a: null }, [remove("/a")], {}],
  [{ a: 1 }, [remove("")], null],
  [{ a: { b: 1 } }, [remove("/a"), remove("/a/b")], /nothing at/],
  // Section 4.3, and what is missing is added, as in Kratos.
  [{ l: [1, { a: 1 }] }, [replace("/l/1/a", 2)], { l: [1, { a: 2 }] }],
  [{ l: [1] }, [replace("/l/1", 2)], /no item/],
  [{ l: [1] }, [replace("/l/-", 2)], /no item/],
  [{ a: 1 }, [replace("/a", { deep: [{ er: null }] })], { a: { deep: [{ er: null }] } }],
  [{}, [replace("/a", 1)], { a: 1 }],
  [{ a: 1 }, [replace("", { b: 2 })], { b: 2 }],
  // Sections 4.4 to 4.6: who relies on these is told.
  [{ a: 1 }, [{ op: "test", path: `${at}/a`, value: 1 }], /"test" is not supported/],
  [{ a: 1 }, [{ op: "move", from: `${at}/a`, path: `${at}/b` }], /"move" is not supported/],
  [{ a: 1 }, [{ op: "copy", from: `${at}/a`, path: `${at}/b` }], /"copy" is not supported/],
  [{ a: 1 }, [{ op: "ADD", path: `${at}/b`, value: 1 }], /./],
  // RFC 6901: `~1` is a slash, `~0` a tilde, read once; names may be empty, hold anything, and have their case.
  [{ "a/b": 1, "c~d": 1 }, [replace("/a~1b", 2), replace("/c~0d", 3)], { "a/b": 2, "c~d": 3 }],
  [{ "~1": 1 }, [replace("/~01", 2)], { "~1": 2 }],
  [{ "": 1 }, [replace("/", 2)], { "": 2 }],
  [{ 'ü " \\ \u{1f999}': 1 }, [replace('/ü " \\ \u{1f999}', 2)], { 'ü " \\ \u{1f999}': 2 }],
  [{ a: 1, A: 1 }, [remove("/A")], { a: 1 }],
  [{ "0": 1, "-": 1 }, [replace("/0", 2), remove("/-")], { "0": 2 }],
  // Section 5: one after the other, and all or nothing.
  [{}, [add("/a", {}), add("/a/b", []), add("/a/b/-", 1), replace("/a/b/0", 2)], { a: { b: [2] } }],
  [{ a: 1 }, [replace("/a", 2), remove("/b")], /nothing at/],
  [{ a: 1 }, [], { a: 1 }],
  // The document as a whole is an account, whose members are not all an administrator's to change.
  [{ a: 1 }, [{ op: "replace", path: "", value: {} }], /as a whole/],
  [{ a: 1 }, [{ op: "remove", path: "" }], /as a whole/],
  [{ a: 1 }, [{ op: "add", path: "metadata_admin/b", value: 1 }], /not a JSON pointer/],
  [{ a: 1 }, [{ op: "add", path: `${at}/b` }], /has no value/],
  [{ a: 1 }, [{ op: "add", path: "/credentials/", value: { type: "" } }], /./],
];

onEachDatabase("a patch is applied as RFC 6902 says, or refused as a whole with a reason", async (server) => {
  const { id } = await server.createPerson({ email: "ada@example.org", password: "correct horse battery" });
  const send = (json: readonly object[]) => server.admin("PATCH", `/admin/identities/${id}`, { json });
  let before: unknown = null;
  for (const [document, patch, expected] of rows) {
    const told = JSON.stringify([document, patch]);
    const { status, body } = await send([replace("", document), ...patch]);
    const { body: stored } = await server.admin("GET", `/admin/identities/${id}`);
    if (expected instanceof RegExp) {
      assert.equal(status, 400, told);
      assert.match(body.error.reason ?? body.error.message, expected, told);
      assert.deepEqual(stored.metadata_admin, before, told);
    } else {
      assert.deepEqual([status, body.metadata_admin, stored.metadata_admin], [200, expected, expected], told);
      before = expected;
    }
  }
});
