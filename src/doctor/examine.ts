import { availableParallelism, totalmem } from "node:os";
import type { Config } from "../config/config.ts";
import { createHash } from "../crypto/hash.ts";
import type { Database } from "../db/connection.ts";
import { worstFirst } from "../explain/finding.ts";
import type { Log } from "../log.ts";
import { defaultTenant } from "../tenant.ts";
import { judgeCors } from "./cors.ts";
import type { DoctorFinding } from "./finding.ts";
import { judgeHashTime, judgeHashing, type Machine } from "./hashing.ts";
import { judgeHosts } from "./hosts.ts";
import { judgeKeys } from "./keys.ts";
import { judgeMachine } from "./machine.ts";
import { judgeMail } from "./mail.ts";
import { judgePorts } from "./ports.ts";
import { judgeDsn, probeDatabase } from "./probe/database.ts";
import { probeFiles } from "./probe/files.ts";
import { probeMailServers, probeOutbox } from "./probe/mail.ts";
import { probeOthers } from "./probe/others.ts";
import { probeProviders } from "./probe/providers.ts";
import { probeSelf } from "./probe/self.ts";
import { judgeSecrets } from "./secrets.ts";

/** What is examined. */
export interface Patient {
  readonly config: Config;
  /** The secret that a start makes up where none is configured. */
  readonly spareSecret: string;
  readonly machine: Machine;
}

/** What the rest of the world is asked by. */
export interface Instruments {
  /** Left out where it could not be opened. */
  readonly db?: Database | undefined;
  readonly log: Log;
  readonly now: () => Date;
}

/** What can be said of a configuration and a machine by looking at them alone. */
export const judge = ({ config, spareSecret, machine }: Patient): DoctorFinding[] => [
  ...judgeHosts(config),
  ...judgeCors(config),
  ...judgeSecrets(config, spareSecret),
  ...judgePorts(config),
  ...judgeKeys(config),
  ...judgeMail(config),
  ...judgeDsn(config),
  ...judgeHashing(config, machine),
  ...judgeMachine(machine),
];

/** What is found out by trying: the database, files, mail servers, hooks, pages, providers, the time that a hash takes. */
export async function probe(
  { config }: Pick<Patient, "config">,
  { db, log, now }: Instruments,
): Promise<DoctorFinding[]> {
  const found = await Promise.all([
    db ? probeStores(db, now()) : [],
    probeFiles(config, log, now()),
    probeMailServers(config),
    probeOthers(config),
    probeProviders(config, now),
    probeSelf(config),
  ]);
  // By itself: what else is under way would be measured too.
  return [...found.flat(), await probeHashing(config)];
}

async function probeStores(db: Database, now: Date): Promise<DoctorFinding[]> {
  const found = await probeDatabase(db);
  if (found.some(({ severity, where }) => severity === "error" || where === "dsn")) return found;
  return [...found, ...(await probeOutbox({ db, tenant: defaultTenant }, now))];
}

async function probeHashing({ hashers }: Config): Promise<DoctorFinding> {
  await createHash("the first one loads what it takes", hashers);
  const before = performance.now();
  await createHash("correct horse battery staple", hashers);
  return judgeHashTime(performance.now() - before, hashers);
}

/** Judges and probes, the worst first. */
export const examine = async (patient: Patient, instruments: Instruments): Promise<DoctorFinding[]> =>
  worstFirst([...judge(patient), ...(await probe(patient, instruments))]);

/** The machine that this runs on. */
export const thisMachine = (environment: NodeJS.ProcessEnv): Machine => ({
  cores: availableParallelism(),
  memoryBytes: process.constrainedMemory() || totalmem(),
  node: process.versions.node,
  poolSize: Number(environment["UV_THREADPOOL_SIZE"] ?? 4),
});
