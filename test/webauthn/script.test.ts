import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import type { Json } from "../support/client.ts";
import { begin, keyConfig } from "../support/keys.ts";
import { startServer } from "../support/server.ts";

test("forms name the script and its hash, and browsers may keep it", async (t) => {
  const server = await startServer(t, { config: keyConfig() });
  const flow = await begin(server.spa(), "login");
  const { attributes } = flow.ui.nodes.find(({ type }: Json) => type === "script");
  const { status, body, headers } = await server.public("GET", attributes.src);
  assert.equal(status, 200);
  assert.equal(attributes.integrity, `sha512-${createHash("sha512").update(body).digest("base64")}`);
  assert.deepEqual(
    { ...attributes, src: 0, integrity: 0, nonce: 0 },
    {
      ...{ async: true, referrerpolicy: "no-referrer", crossorigin: "anonymous", type: "text/javascript" },
      ...{ id: "webauthn_script", node_type: "script", src: 0, integrity: 0, nonce: 0 },
    },
  );
  assert.match(headers.get("content-type")!, /^text\/javascript/);
  assert.equal(headers.get("access-control-allow-origin"), "*");
  assert.equal(headers.get("set-cookie"), null);
  const again = await server.public("GET", attributes.src, {
    headers: { "if-none-match": `W/${headers.get("etag")}, "other"` },
  });
  assert.deepEqual([again.status, again.body], [304, ""]);
  const other = await begin(server.spa(), "login");
  assert.notEqual(other.ui.nodes.find(({ type }: Json) => type === "script").attributes.nonce, attributes.nonce);
});

test("the script offers the functions that clients of Kratos call", async (t) => {
  const server = await startServer(t);
  const { body } = await server.public("GET", "/.well-known/ory/webauthn.js");
  const window = Object.create({ addEventListener() {} }) as Record<string, unknown>;
  const document = { addEventListener() {}, readyState: "complete", querySelector: () => null };
  runInNewContext(body, { window, document });
  const names = [
    "WebAuthnRegistration",
    "WebAuthnLogin",
    "PasskeyLogin",
    "PasskeyLoginAutocompleteInit",
    "PasskeyRegistration",
    "PasskeySettingsRegistration",
  ];
  assert.deepEqual(Object.keys(window).sort(), names.flatMap((name) => [`ory${name}`, `__ory${name}`]).sort());
});
