import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { entries } from "../../src/cli/commands.ts";
import { shells } from "../../src/cli/completion/scripts.ts";
import { runIn } from "../support/command-line.ts";

const program = resolve(import.meta.dirname, "../../bin/ostiary.js");

/** What may stand in the place of the last word. */
async function completed(...words: string[]): Promise<string[]> {
  const { code, out, err } = await runIn({}, "__complete", "--no-descriptions", ...words);
  assert.deepEqual([code, err], [0, ""]);
  return out.split("\n");
}

test("commands, options and values are completed, each where it may stand", async () => {
  assert.deepEqual(await completed(""), [...entries.map(({ name }) => name), ":"]);
  for (const [words, candidates] of [
    [["ident"], ["identities"]],
    [["-"], ["--help"]],
    [["identities", "l"], ["list"]],
    [["list", ""], ["identities"]],
    [["ls", ""], ["identities"]],
    [["hashers", ""], ["argon2"]],
    [
      ["hashers", "argon2", "load"],
      ["loadtest", "load-test"],
    ],
    [
      ["identities", "list", "--f"],
      ["--filter", "--format"],
    ],
    [["identities", "list", "--filter", "x", "--f"], ["--format"]],
    [
      ["identities", "list", "--format", "js"],
      ["json", "json-pretty", "jsonpath=", "jsonpointer=/"],
    ],
    [
      ["identities", "list", "--consistency", ""],
      ["strong", "eventual"],
    ],
    [["identities", "list", "--consistency=s"], ["--consistency=strong"]],
    [["identities", "list", "--consistency", "=", "s"], ["--consistency=strong"]],
    [["identities", "list", "--page-size", ""], []],
    [["admin", "grant", "some-id", "o"], ["owner"]],
    [["admin", "grant", "some-id", "-e", "http://x", "o"], ["owner"]],
    [["admin", "grant", "some-id", "owner", ""], []],
    [["-c", "kratos.yml", "migrate", "s"], ["sql"]],
    [["completion", ""], [...shells]],
    [["no-such-command", ""], entries.map(({ name }) => name)],
  ] as const)
    assert.deepEqual(await completed(...words), [...candidates, ":"], words.join(" "));
  assert.deepEqual(await completed("serve", "-c", ""), [":files"]);
  assert.deepEqual(await completed("identities", "import", "x"), [":files"]);
  assert.deepEqual(await completed("migrate", "sql", "st"), ["status", ":"]);
});

test("what candidates are is told, unless that is not wanted", async () => {
  assert.match((await runIn({}, "__complete", "serv")).out, /^serve\tServes the public and the admin API\.\n:$/);
  assert.match((await runIn({}, "completion", "zsh")).out, /__complete "/);
  assert.match((await runIn({}, "completion", "zsh", "--no-descriptions")).out, /__complete --no-descriptions "/);
  assert.equal((await runIn({}, "completion", "tcsh")).code, 2);
});

/** A folder with the program in it, by the name that people call it. */
function callable(t: TestContext): NodeJS.ProcessEnv {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-completion-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(program, join(folder, "ostiary"));
  return { ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder };
}

const has = (shell: string) => spawnSync(shell, ["--version"], { stdio: "ignore" }).status === 0;

test("bash completes by the script", { skip: !has("bash") && "needs bash" }, (t) => {
  const script = `
source <(ostiary completion bash)
for line in "identities l" "tenants update --state=" "identities list --consistency "; do
  read -ra COMP_WORDS <<< "ostiary $line"
  [[ "$line" == *= || "$line" == *" " ]] && COMP_WORDS+=("")
  COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
  [[ "$line" == *= ]] && COMP_WORDS=(ostiary tenants update --state = "") && COMP_CWORD=5
  _ostiary
  echo "\${COMPREPLY[*]}"
done`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { env: callable(t), encoding: "utf8" });
  assert.deepEqual(stdout.trim().split("\n"), ["list", "active inactive", "strong eventual"], stderr);
});

test("zsh takes the script", { skip: !has("zsh") && "needs zsh" }, (t) => {
  const env = callable(t);
  // What it would show is caught where it is handed over.
  const script = `
autoload -U compinit; compinit -u -d "$HOME/dump"
source <(ostiary completion zsh)
_describe() { print -l -- "\${(@)candidates}" }
_files() { print files }
words=(ostiary identities li); CURRENT=3; _ostiary
words=(ostiary serve -c ''); CURRENT=4; _ostiary`;
  const { stdout, stderr } = spawnSync("zsh", ["-f", "-c", script], { env, encoding: "utf8" });
  assert.deepEqual(stdout.trim().split("\n"), ["list:Lists identities.", "files"], stderr);
});

test("fish completes by the script", { skip: !has("fish") && "needs fish" }, (t) => {
  const env = callable(t);
  writeFileSync(
    join(env["HOME"]!, "script.fish"),
    "ostiary completion fish | source\ncomplete -C 'ostiary identities li'\n",
  );
  const { stdout, stderr } = spawnSync("fish", ["--no-config", join(env["HOME"]!, "script.fish")], {
    env,
    encoding: "utf8",
  });
  assert.equal(stdout.trim(), "list\tLists identities.", stderr);
});
