// Holds the contract against the last release: what clients rely on must not break. Before the first release there is
// nothing to hold it against.
import { execFileSync } from "node:child_process";

const git = (...words) => execFileSync("git", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

let tag = "";
try {
  tag = git("describe", "--tags", "--abbrev=0");
} catch {
  console.log("No release yet: nothing to compare the contract with.");
}
if (tag) execFileSync("buf", ["breaking", "--against", `.git#tag=${tag}`], { stdio: "inherit" });
