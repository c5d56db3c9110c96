// Writes docs/reference/config.md from the configuration's schema, and docs/reference/api.md from the contract.
import { mkdirSync, writeFileSync } from "node:fs";
import { servicesOf } from "../src/app/services.ts";
import { configReference } from "../src/config/reference.ts";
import { apiReference } from "../src/rest/reference.ts";

const folder = new URL("../docs/reference/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("config.md", folder), configReference());
writeFileSync(new URL("api.md", folder), apiReference({ public: servicesOf.public(), admin: servicesOf.admin() }));
