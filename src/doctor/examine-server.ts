import { writtenTree } from "../config/written.ts";
import type { Context } from "../context.ts";
import { examine, thisMachine } from "./examine.ts";
import type { DoctorFinding } from "./finding.ts";

/** Examines the server that a call has come to. */
export function examineServer({ config, db, log, now }: Context): Promise<DoctorFinding[]> {
  const { secrets } = writtenTree(config) as { readonly secrets?: { readonly [kind: string]: readonly string[] } };
  const isNamed = Boolean(secrets?.["cookie"]?.length || secrets?.["default"]?.length);
  const spareSecret = isNamed ? "" : config.secrets.cookie[0]!;
  return examine({ config, spareSecret, machine: thisMachine(process.env) }, { db: db.database, log, now });
}
