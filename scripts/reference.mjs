// Writes docs/reference/config.md from the configuration's schema, docs/reference/api.md from the contract, docs/reference/command-line.md from
// the commands, and the table of stops in src/README.md.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { servicesOf } from "../src/app/services.ts";
import { commandReference } from "../src/cli/reference.ts";
import { configReference } from "../src/config/reference.ts";
import { apiReference } from "../src/rest/reference.ts";
import { withStops } from "./stops-table.ts";

const folder = new URL("../docs/reference/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("config.md", folder), configReference());
writeFileSync(new URL("api.md", folder), apiReference({ public: servicesOf.public(), admin: servicesOf.admin() }));
writeFileSync(new URL("command-line.md", folder), await commandReference());
const house = new URL("../src/README.md", import.meta.url);
writeFileSync(house, withStops(readFileSync(house, "utf8")));
