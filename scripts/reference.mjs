// Writes docs/reference/config.md from the configuration's schema.
import { mkdirSync, writeFileSync } from "node:fs";
import { configReference } from "../src/config/reference.ts";

const target = new URL("../docs/reference/config.md", import.meta.url);
mkdirSync(new URL("./", target), { recursive: true });
writeFileSync(target, configReference());
