import assert from "node:assert/strict";
import { once, EventEmitter } from "node:events";
import { renameSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { watchConfig, type ConfigNews } from "../../src/config/watch.ts";
import { least, readGood, spareSecret, write } from "./written.ts";

function watched(t: TestContext, file: string) {
  const events = new EventEmitter();
  const sources = { files: [file], environment: {}, flags: {}, spareSecret };
  const store = watchConfig(readGood([file]), sources, (news) => events.emit(news.kind, news));
  t.after(() => store.close());
  const news = async (kind: ConfigNews["kind"]) =>
    (await once(events, kind, { signal: AbortSignal.timeout(5_000) }))[0];
  return { store, news };
}

test("a good change takes effect, a bad one is refused", async (t) => {
  const [file] = write(t, least);
  const { store, news } = watched(t, file!);
  let told = 0;
  store.onChange(() => told++);

  const changed = news("changed");
  writeFileSync(file!, `${least}session: { lifespan: 2h }\n`);
  await changed;
  assert.equal(store.current().session.lifespan, 7_200_000);
  assert.equal(told, 1);

  const refused = news("refused");
  writeFileSync(file!, `${least}session: { lifespan: never }\n`);
  const { faults } = await refused;
  assert.match(faults[0], /session\.lifespan: must be a duration/);
  assert.equal(store.current().session.lifespan, 7_200_000);
  assert.equal(told, 1);
});

test("what is fixed at the start keeps its value, CORS origins do not", async (t) => {
  const [file] = write(t, least);
  const { store, news } = watched(t, file!);
  const changed = news("changed");
  const stuck = news("restart-needed");
  writeFileSync(file!, `${least}serve: { public: { port: 5000, cors: { allowed_origins: ["https://a.example"] } } }\n`);
  assert.deepEqual((await stuck).keys, ["serve"]);
  await changed;
  assert.equal(store.current().serve.public.port, 4433);
  assert.deepEqual(store.current().serve.public.cors.allowed_origins, ["https://a.example"]);
});

test("a certificate may change, TLS is switched on at the start", async (t) => {
  const tls = (name: string) => `{ tls: { key: { path: ${name}.key }, cert: { path: ${name}.crt } } }`;
  const [file] = write(t, `${least}serve: { public: ${tls("a")} }\n`);
  const { store, news } = watched(t, file!);
  const changed = news("changed");
  const stuck = news("restart-needed");
  writeFileSync(file!, `${least}serve: { public: ${tls("b")}, admin: ${tls("b")} }\n`);
  assert.deepEqual((await stuck).keys, ["serve"]);
  await changed;
  assert.deepEqual(store.current().serve.public.tls?.cert, { path: "b.crt" });
  assert.equal(store.current().serve.admin.tls, undefined);
});

test("a file that is put in the place of the old one is read", async (t) => {
  const [file] = write(t, least);
  const { store, news } = watched(t, file!);
  for (const lifespan of ["2h", "3h"]) {
    const changed = news("changed");
    writeFileSync(`${file}.new`, `${least}session: { lifespan: ${lifespan} }\n`);
    renameSync(`${file}.new`, file!);
    await changed;
  }
  assert.equal(store.current().session.lifespan, 10_800_000);
});

test("a mounted folder that is swapped behind a link is read", async (t) => {
  const [first] = write(t, least);
  const folder = dirname(first!);
  const swap = (name: string, content: string) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "mounted.yml"), content);
    symlinkSync(name, join(folder, "..data_tmp"));
    renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  };
  swap("..first", least);
  symlinkSync("..data/mounted.yml", join(folder, "mounted.yml"));
  const { store, news } = watched(t, join(folder, "mounted.yml"));
  const changed = news("changed");
  swap("..second", `${least}session: { lifespan: 4h }\n`);
  await changed;
  assert.equal(store.current().session.lifespan, 14_400_000);
});
