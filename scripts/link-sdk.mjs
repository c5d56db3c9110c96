// Lets the tests find the SDK by its name. It is no workspace of npm's, which would ask of a newcomer's Node what the SDK asks of its
// users', though nothing here runs on that one.
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const scope = join(root, "node_modules", "@ostiary");
mkdirSync(scope, { recursive: true });
rmSync(join(scope, "sdk"), { recursive: true, force: true });
symlinkSync(join(root, "sdk"), join(scope, "sdk"), "junction");
