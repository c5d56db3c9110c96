/** Refuses a release that CHANGELOG.md does not tell of, or calls unreleased. */
export function refuseUnready(changelog: string, version: string): void {
  const chapter = changelog.split(/^## /m).find((one) => one.split(/\s/, 1)[0] === version);
  if (!chapter) throw new Error(`CHANGELOG.md has no chapter of ${version}`);
  const [heading = "", ...lines] = chapter.split("\n");
  if (!/^\S+ \(\d{4}-\d\d-\d\d\)$/.test(heading))
    throw new Error(`CHANGELOG.md has to say when ${version} was released: ## ${version} (2026-01-31)`);
  if (!lines.some((line) => line.startsWith("- "))) throw new Error(`CHANGELOG.md says nothing of ${version}`);
}
