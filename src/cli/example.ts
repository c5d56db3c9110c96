import { fileURLToPath } from "node:url";
import type { Sources } from "../config/load.ts";
import { ownFile } from "../own-file.ts";

/** A configuration to try the server by, where none is named: the example that comes along. */
export const exampleSources = (sources: Sources): Sources => ({
  ...sources,
  files: [fileURLToPath(ownFile("../examples/kratos.yml"))],
  // The example looks for its schema where the server is started.
  flags: {
    ...sources.flags,
    identity: { schemas: [{ id: "person", url: ownFile("../examples/person.schema.json").href }] },
  },
});
