import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const mostBytes = 40_000;

/** What a browser downloads of a page that calls one service. */
async function downloadOf(
  service: string,
  file: string,
): Promise<{ readonly bytes: number; readonly inputs: readonly string[] }> {
  const page = `
    import { createClient } from "@connectrpc/connect";
    import { createConnectTransport } from "@connectrpc/connect-web";
    import { ${service} } from "@ostiary/sdk/gen/ostiary/public/v1/${file}.js";
    globalThis.client = createClient(${service}, createConnectTransport({ baseUrl: "https://id.example.org" }));`;
  const { outputFiles, metafile } = await build({
    stdin: { contents: page, resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    metafile: true,
  });
  return { bytes: gzipSync(outputFiles[0]!.contents).length, inputs: Object.keys(metafile.inputs) };
}

test("a page that calls one service is small, and is sent no rules that only the server heeds", async () => {
  const files = readdirSync(join(root, "sdk", "gen", "ostiary", "public", "v1")).filter((name) =>
    name.endsWith("_service_pb.js"),
  );
  assert.ok(files.length > 10);
  for (const file of files.map((name) => name.slice(0, -".js".length))) {
    const service = Object.keys(await import(`@ostiary/sdk/gen/ostiary/public/v1/${file}.js`)).find((name) =>
      name.endsWith("Service"),
    )!;
    const { bytes, inputs } = await downloadOf(service, file);
    assert.ok(bytes <= mostBytes, `${service}: ${bytes} bytes`);
    assert.deepEqual(
      inputs.filter((name) => /gen\/(?:buf|google\/api|ostiary\/rest)\//.test(name)),
      [],
    );
  }
});
