import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Of } from "./digest.ts";
import type { Statement } from "./provenance.ts";

/** Throws unless all files of a release are what SHA256SUMS and the provenance say, and none is missing from these. */
export function verify(folder: string): void {
  const files = globSync("*", { cwd: folder }).filter((name) => name !== "SHA256SUMS");
  const sums = readFileSync(join(folder, "SHA256SUMS"), "utf8").trimEnd().split("\n");
  const written = new Map(sums.map((line) => [line.slice(66), line.slice(0, 64)]));
  expectSame([...written.keys()], files, "SHA256SUMS");
  for (const [name, sum] of written)
    if (sha256Of(join(folder, name)) !== sum) throw new Error(`${name} is not what SHA256SUMS says`);
  const statement = files.find((name) => /\.provenance(?:\.dsse)?\.json$/.test(name));
  if (!statement) throw new Error("there is no provenance");
  const said = JSON.parse(readFileSync(join(folder, statement), "utf8"));
  const { subject }: Pick<Statement, "subject"> = said.payload
    ? JSON.parse(Buffer.from(said.payload, "base64").toString())
    : said;
  expectSame(
    subject.map(({ name }) => name),
    files.filter((name) => name !== statement),
    "the provenance",
  );
  for (const { name, digest } of subject)
    if (digest.sha256 !== written.get(name)) throw new Error(`${name} is not what the provenance says`);
}

function expectSame(named: readonly string[], there: readonly string[], where: string): void {
  if (named.toSorted().join() !== there.toSorted().join())
    throw new Error(`${where} names ${named.toSorted()}, and there are ${there.toSorted()}`);
}
