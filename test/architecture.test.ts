import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { type Node, SyntaxKind } from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";
import { flowKinds } from "../src/flow/kinds.ts";
import { credentialKinds } from "../src/identity/kinds/index.ts";

const root = resolve(import.meta.dirname, "..");
const src = join(root, "src");
const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
const files = filesBelow(src);
/** What knows nothing of identity: packages of their own, behind one door each. */
const packages = [
  ...readdirSync(join(root, "packages")).map((name) => join("packages", name)),
  // Of what people look at, the pages are rendered by the server itself.
  "web/pages",
].map((place) => {
  const folder = join(root, place);
  return { name: basename(place), place, folder, files: filesBelow(join(folder, "src")), manifest: manifestOf(folder) };
});
const everything = [
  ...files,
  ...packages.flatMap(({ place, files }) => files.map(({ path, text }) => ({ path: `${place}/src/${path}`, text }))),
];

interface Manifest {
  readonly imports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** Who may import whom: from lower floors, or from their own folder. */
const floors: Readonly<Record<string, number>> = {
  config: 0,
  ui: 0,
  db: 0,
  rest: 0,
  text: 0,
  tracing: 0,
  "bounded-cache.ts": 0,
  "errors.ts": 0,
  "cached-for.ts": 0,
  "log.ts": 0,
  "logger.ts": 0,
  "measure.ts": 0,
  "notifier.ts": 0,
  "on-first-use.ts": 0,
  "own-file.ts": 0,
  "peers.ts": 0,
  "principal.ts": 0,
  "tenant.ts": 0,
  "version.ts": 0,
  crypto: 1,
  delivery: 1,
  outgoing: 1,
  statistics: 1,
  "context.ts": 1,
  schema: 2,
  server: 2,
  courier: 2,
  throttle: 2,
  coherence: 2,
  mapper: 2,
  console: 3,
  events: 3,
  inbox: 3,
  cleanup: 4,
  telemetry: 3,
  identity: 4,
  tenant: 4,
  session: 5,
  code: 5,
  invitation: 5,
  subscription: 5,
  webauthn: 5,
  provider: 5,
  flow: 6,
  access: 6,
  oauth2: 6,
  seed: 3,
  proof: 7,
  explain: 7,
  flows: 8,
  strategies: 9,
  hooks: 9,
  api: 9,
  "orm.ts": 10,
  doctor: 10,
  app: 11,
  "app.ts": 12,
  workers: 12,
  cli: 13,
  "main.ts": 14,
};

// Floor 0 knows nothing of each other; but the catalogue of errors and the log are words that every room uses.
const words = new Set([
  "text",
  "tracing",
  "bounded-cache.ts",
  "errors.ts",
  "cached-for.ts",
  "log.ts",
  "logger.ts",
  "measure.ts",
  "notifier.ts",
  "on-first-use.ts",
  "own-file.ts",
  "peers.ts",
  "principal.ts",
  "tenant.ts",
  "version.ts",
]);
// Where types alone travel up to where they are used: the request context names what it carries.
const carried = new Set(["config", "db"]);
const carriers = new Set(["context.ts", "tenant.ts"]);

// What a method says of itself before it runs is part of the configuration, wherever it lies.
const roomOf = (path: string) => (/^strategies\/[^/]+\/config\.ts$/.test(path) ? "config" : path.split("/")[0]!);
const importsOf = (text: string) =>
  [...text.matchAll(/(?:^|\n)(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)/g)].map(
    ([, a, b]) => (a ?? b)!,
  );
const targetOf = (path: string, spec: string) => relative(src, resolve(src, dirname(path), spec));

test("imports only go down the floors", () => {
  const wrong: string[] = [];
  for (const { path, text } of files)
    for (const spec of importsOf(text).filter((one) => one.startsWith("."))) {
      const target = targetOf(path, spec);
      if (target.startsWith("..")) continue;
      const [from, to] = [roomOf(path), roomOf(target)];
      const [high, low] = [floors[from], floors[to]];
      assert.notEqual(high, undefined, `${path} stands on no floor`);
      assert.notEqual(low, undefined, `${target} stands on no floor`);
      const fits = from === to || high! > low! || words.has(to) || (carriers.has(from) && carried.has(to));
      if (!fits) wrong.push(`${path} -> ${target}`);
    }
  assert.deepEqual(wrong, []);
});

test("the house knows packages by their doors alone", () => {
  const doors = new Set(packages.map(({ name }) => `#${name}`));
  // Commands are clients of a server, as others are.
  const isClient = (path: string, door: string) => path.startsWith("cli/") && door === "#grpc-channel";
  const wrong = files.flatMap(({ path, text }) =>
    importsOf(text)
      .filter(
        (one) =>
          (one.startsWith("#") && !one.startsWith("#gen/") && !doors.has(one) && !isClient(path, one)) ||
          one.includes("packages/") ||
          one.includes("/web/"),
      )
      .map((one) => `${path} -> ${one}`),
  );
  assert.deepEqual(wrong, []);
  const { imports } = manifestOf(root);
  for (const { name, place } of packages) assert.equal(imports?.[`#${name}`], `./${place}/src/index.ts`);
});

test("a package imports its own files, Node's modules and what its manifest names, in the version that the house has", () => {
  const { dependencies, devDependencies } = manifestOf(root);
  const installed = { ...dependencies, ...devDependencies };
  for (const { name, folder, files, manifest } of packages) {
    const wanted = manifest.dependencies ?? {};
    for (const [one, version] of Object.entries({ ...wanted, ...manifest.devDependencies }))
      assert.equal(version, installed[one], `${name} wants ${one}`);
    const own = join(folder, "src");
    const foreign = files.flatMap(({ path, text }) =>
      importsOf(text).filter((one) => {
        if (!one.startsWith(".")) return !one.startsWith("node:") && !Object.hasOwn(wanted, one);
        return relative(own, resolve(own, dirname(path), one)).startsWith("..");
      }),
    );
    assert.deepEqual(foreign, [], name);
  }
});

test("generated code is imported where the contract is spoken, and nowhere else", () => {
  const speakers = new Set(["api", "rest", "errors.ts", "flow", "flows", "server", "app", "app.ts", "cli"]);
  const wrong = files.filter(({ path, text }) => text.includes('"#gen/') && !speakers.has(roomOf(path)));
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
});

test("the errors of Connect and gRPC are made where these protocols are spoken, and nowhere else", () => {
  const wrong = files.filter(
    ({ path, text }) => /from "@connectrpc\//.test(text) && !["server", "app", "app.ts", "cli"].includes(roomOf(path)),
  );
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
});

test("no file imports itself by way of others", () => {
  const graph = new Map(
    everything.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter((one) => one.startsWith("."))
        .map((one) => targetOf(path, one)),
    ]),
  );
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    assert.ok(!way.includes(path), `circle: ${[...way, path].join(" -> ")}`);
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
});

test("files are short", () => {
  const long = everything.filter(({ text }) => text.split("\n").length > 301).map(({ path }) => path);
  assert.deepEqual(long, []);
  const lengths = everything.map(({ text }) => text.split("\n").length).sort((a, b) => a - b);
  assert.ok(lengths[Math.floor(lengths.length / 2)]! <= 80, "the median is at most 80 lines");
  assert.ok(lengths[Math.floor(lengths.length * 0.9)]! <= 200, "nine of ten are at most 200 lines");
});

test("functions are short", () => {
  const lengths = functionLengths();
  const long = lengths
    .filter(({ lines }) => lines > 80)
    .map(({ path, line, lines }) => `${path}:${line} has ${lines} lines`);
  assert.deepEqual(long, []);
  // What fits on a line is no function that one would have to cut up.
  const sizes = lengths
    .map(({ lines }) => lines)
    .filter((lines) => lines > 1)
    .sort((a, b) => a - b);
  assert.ok(sizes[Math.floor(sizes.length / 2)]! <= 12, "the median is at most 12 lines");
  assert.ok(sizes[Math.floor(sizes.length * 0.9)]! <= 40, "nine of ten are at most 40 lines");
});

/** Every function with a body, by the compiler's own reading; what stands within another one counts for both. */
function functionLengths(): { path: string; line: number; lines: number }[] {
  const kinds = new Set<SyntaxKind>([
    SyntaxKind.FunctionDeclaration,
    SyntaxKind.FunctionExpression,
    SyntaxKind.ArrowFunction,
    SyntaxKind.MethodDeclaration,
    SyntaxKind.Constructor,
    SyntaxKind.GetAccessor,
    SyntaxKind.SetAccessor,
  ]);
  const compiler = new API({ cwd: root });
  const { program } = compiler.updateSnapshot({ openProject: join(root, "tsconfig.json") }).getProjects()[0]!;
  const found: { path: string; line: number; lines: number }[] = [];
  for (const path of everything.map(({ path }) => (/^(packages|web)\//.test(path) ? path : `src/${path}`))) {
    const source = program.getSourceFile(join(root, path)) ?? assert.fail(`${path} is not compiled`);
    const visit = (node: Node): void => {
      if (kinds.has(node.kind) && "body" in node && node.body) {
        const start = node.getStart(source);
        const lines = source.text.slice(start, node.end).split("\n").length;
        found.push({ path, line: source.text.slice(0, start).split("\n").length, lines });
      }
      node.forEachChild(visit);
    };
    visit(source);
  }
  compiler.close();
  return found;
}

test("nothing is called by a name that says nothing", () => {
  const empty = /(^|\/)(utils?|helpers?|common|misc|managers?|base|x|data|info)(\.ts|\/|$)/;
  assert.deepEqual(
    everything.filter(({ path }) => empty.test(path)).map(({ path }) => path),
    [],
  );
});

test("every exported name says what it is", () => {
  const silent: string[] = [];
  for (const { path, text } of everything) {
    const lines = text.split("\n");
    for (const [at, line] of lines.entries()) {
      const declared = /^export (?:async )?(?:function\*?|const|class|interface|type|abstract class) (\w+)/.exec(line);
      if (declared && !/\*\/\s*$/.test(lines[at - 1] ?? "")) silent.push(`${path}: ${declared[1]}`);
    }
  }
  assert.deepEqual(silent, []);
});

test("what a credential means stands with its kind, and nowhere else among identities", () => {
  const types = credentialKinds.map(([type]) => type).join("|");
  const named = new RegExp(`["'\`](${types})["'\`]|\\.(${types})\\b`);
  const wrong = files.filter(
    ({ path, text }) => path.startsWith("identity/") && !path.startsWith("identity/kinds/") && named.test(text),
  );
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
  assert.match('case "totp":', named);
});

test("a method's configuration is made of the lowest pieces", () => {
  const pieces = /^config\/(setting|schema\/(formats|hooks|method|outgoing|rate|relying-party))\.ts$/;
  const wrong = files
    .filter(({ path }) => path.startsWith("strategies/") && roomOf(path) === "config")
    .flatMap(({ path, text }) =>
      importsOf(text)
        .map((one) => targetOf(path, one))
        .filter((target) => !pieces.test(target))
        .map((target) => `${path} -> ${target}`),
    );
  assert.deepEqual(wrong, []);
});

test("a strategy never imports another", () => {
  const wrong = files
    .filter(({ path }) => /^strategies\/[^/]+\//.test(path))
    .flatMap(({ path, text }) =>
      importsOf(text)
        .filter((one) => one.startsWith("."))
        .map((one) => targetOf(path, one))
        .filter((target) => target.startsWith("strategies/") && !target.startsWith(dirname(path)))
        .map((target) => `${path} -> ${target}`),
    );
  assert.deepEqual(wrong, []);
});

test("a strategy changes no flow: what changes stands in what it returns", () => {
  const change =
    /\bflow\.[\w.]+\s*(?:\?\?|\|\||&&|[-+])?=(?![=>])|\bflow\.[\w.]+(?:\+\+|--|\.(?:push|unshift|pop|shift|splice|sort|reverse)\()|Object\.assign\(flow\b/;
  const wrong = files.filter(({ path, text }) => path.startsWith("strategies/") && change.test(text));
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
  for (const one of ["flow.state = 1", "flow.ui.nodes.push(node)", "flow.count ??= 2", "Object.assign(flow, it)"])
    assert.match(one, change);
  for (const one of ["flow.state === 1", "flow.ui.nodes.map(it)", "(flow) => flow.state"])
    assert.doesNotMatch(one, change);
});

test("the engine knows no kind of flow by name: one file lists them", () => {
  const kinds = Object.keys(flowKinds).join("|");
  const named = new RegExp(`["'\`](${kinds})["'\`]|\\bflows\\??\\.(${kinds})\\b`);
  const wrong = files.filter(
    ({ path, text }) =>
      path.startsWith("flow/") && path !== "flow/kinds.ts" && named.test(text.replaceAll(/\/\*\*[^]*?\*\//g, "")),
  );
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
  assert.match('kind === "login"', named);
});

test("accounts and sessions change by one door each, which records what happened", () => {
  const tables = {
    identity: "identities|credentials|credentialIdentifiers|credentialKeys|addresses",
    session: "sessions|sessionDevices",
  };
  // Behind the door of accounts: what it writes by.
  const behind = ["identity/write.ts", "identity/insert.ts", "identity/save.ts"];
  const doors: Readonly<Record<string, readonly string[]>> = { identity: behind, session: ["session/write.ts"] };
  const names = /(insert into|update|delete from) (identities|identity_\w+|sessions|session_devices)\b/;
  const wrong = files.flatMap(({ path, text: whole }) => {
    const text = whole.replaceAll(/\/\*\*[^]*?\*\//g, "");
    const imported = Object.entries(tables).flatMap(([room, some]) => {
      const byQuery = new RegExp(`\\b(insert|change|changeRows|remove)\\(\\w+(?:\\.\\w+)*, (${some})\\b`).test(text);
      return byQuery && !doors[room]!.includes(path) ? [path] : [];
    });
    return names.test(text) ? [...imported, path] : imported;
  });
  assert.deepEqual(wrong, []);
  const inside = files.filter(
    ({ path, text }) =>
      !behind.includes(path) && importsOf(text).some((one) => behind.slice(1).includes(targetOf(path, one))),
  );
  assert.deepEqual(
    inside.map(({ path }) => path),
    [],
  );
  for (const one of ["update sessions set", "delete from identity_credentials where"]) assert.match(one, names);
});

test("every folder of tests is run: by its index, or, where a file needs a process of its own, by its name in the scripts", () => {
  const scripts = manifestOf(root) as { scripts?: Record<string, string> };
  const named = Object.values(scripts.scripts ?? {}).join(" ");
  const own = packages.map(({ folder }) => join(folder, "test")).filter((folder) => existsSync(folder));
  const folders = [join(root, "test"), ...own].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".test.ts"))
      .map((path) => relative(root, join(folder, path))),
  );
  const silent = folders.filter((path) => {
    const [above, room] = path.split("/");
    if (above === "packages" || above === "web") return !existsSync(join(root, above, room!, "test/index.ts"));
    if (!path.includes("/", 5)) return !named.includes("'test/*.test.ts'");
    return !named.includes(`test/${room}/*.test.ts`) && !existsSync(join(root, "test", room!, "index.ts"));
  });
  assert.deepEqual(silent, []);
});
