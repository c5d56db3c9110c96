import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** The examples in TypeScript below a heading of the SDK's README. */
export function examplesOf(heading: string): string[] {
  const text = readFileSync(resolve(import.meta.dirname, "../../sdk/README.md"), "utf8");
  const chapter = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  if (chapter === undefined) throw new Error(`the README has no chapter ${heading}`);
  return [...chapter.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
}

/** Who the examples are about. */
export const ines = { email: "ines@example.org", password: "correct horse battery staple" };
