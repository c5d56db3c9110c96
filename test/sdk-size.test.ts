import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const mostBytes = 40_000;

interface Download {
  readonly bytes: number;
  readonly inputs: readonly string[];
}

/** What a browser downloads of a page that calls one service. */
const downloadOf = (service: string, file: string) =>
  bundle(`
    import { createClient } from "@connectrpc/connect";
    import { createConnectTransport } from "@connectrpc/connect-web";
    import { ${service} } from "@ostiary/sdk/gen/ostiary/public/v1/${file}.js";
    globalThis.client = createClient(${service}, createConnectTransport({ baseUrl: "https://id.example.org" }));`);

async function bundle(page: string): Promise<Download> {
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

test("a page that takes all clients is sent nothing that only Node can run", async () => {
  const { inputs } = await bundle('export * from "@ostiary/sdk";');
  assert.ok(inputs.length > 10);
  assert.deepEqual(
    inputs.filter((name) => /grpc-js|sdk\/grpc\//.test(name)),
    [],
  );
});
