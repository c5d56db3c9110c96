import { existsSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { readConfig } from "../config/load.ts";
import type { Config } from "../config/config.ts";
import { parseDsn } from "../db/dsn.ts";
import type { Database } from "../db/connection.ts";
import type { DoctorFinding } from "../doctor/finding.ts";
import { createLogger } from "../logger.ts";
import type { Command, CommandCall } from "./command.ts";
import { configFiles, configOption } from "./config-files.ts";
import { formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";

/** `ostiary doctor` */
export const doctorCommand: Command = {
  name: "doctor",
  summary: "Examines configuration, database, mail, hosts, secrets and providers. Exits with 1 on errors.",
  options: [
    configOption,
    { name: "dev", summary: "Judges by what development needs." },
    { name: "offline", summary: "Looks at configuration and machine alone, and connects to nothing." },
    { name: "strict", summary: "Exits with 1 on warnings as well." },
    ...formatOptions,
  ],
  async run(call) {
    const printer = await printerFor(call);
    const { worstFirst } = await import("../explain/finding.ts");
    const findings = worstFirst(await findingsOf(call));
    await printer.words(() => print(call, findings), findings);
    const severities = new Set(findings.map(({ severity }) => severity));
    return severities.has("error") || (call.flags.strict && severities.has("warning")) ? 1 : 0;
  },
};

async function findingsOf(call: CommandCall): Promise<DoctorFinding[]> {
  const spareSecret = randomBytes(32).toString("hex");
  const files = configFiles(call);
  const flags = call.flags.dev === undefined ? {} : { dev: call.flags.dev };
  const reading = readConfig({ files, environment: call.environment, flags, spareSecret });
  if (reading.kind === "refused")
    return reading.faults.map((reason) => ({
      aspect: "configuration",
      severity: "error",
      reason,
      cure: files.length ? "The server does not start with it: mend the file." : "Name the configuration: -c <file>.",
    }));
  const [{ judgeReading }, { judge, probe, thisMachine }] = await Promise.all([
    import("../doctor/reading.ts"),
    import("../doctor/examine.ts"),
  ]);
  const { config } = reading;
  const patient = { config, spareSecret, machine: thisMachine(call.environment) };
  const seen = [...judgeReading(reading), ...judge(patient)];
  if (call.flags.offline) return seen;
  const log = createLogger({ level: "panic", format: "json", write: () => undefined });
  return withDatabase(config, async (db, trouble) => [
    ...seen,
    ...trouble,
    ...(await probe(patient, { db, log, now: () => new Date() })),
  ]);
}

/** Opens the database for as long as it is looked at. One that is not there yet is not made. */
async function withDatabase<T>(
  { dsn }: Config,
  look: (db: Database | undefined, trouble: DoctorFinding[]) => Promise<T>,
): Promise<T> {
  if (dsn === "memory") return look(undefined, []);
  const { unreachable } = await import("../doctor/probe/database.ts");
  let db: Database | undefined;
  try {
    const target = parseDsn(dsn);
    if (target.dialect === "sqlite" && target.path && !existsSync(target.path))
      return look(undefined, [
        {
          aspect: "database",
          severity: "note",
          where: "dsn",
          reason: `${target.path} does not exist yet: the first start makes it.`,
        },
      ]);
    const [{ openDatabase }, { entities }] = await Promise.all([import("../db/database.ts"), import("../orm.ts")]);
    db = await openDatabase(dsn, entities);
  } catch (error) {
    return look(undefined, [unreachable(error)]);
  }
  return look(db, []).finally(() => db.close());
}

const marks = { error: "error  ", warning: "warning", note: "note   ", ok: "ok     " } as const;

function print({ out }: CommandCall, findings: readonly DoctorFinding[]): void {
  for (const { severity, aspect, reason, where, cure } of findings) {
    out(`${marks[severity]}  ${aspect.padEnd(13)}  ${where ? `${where}: ` : ""}${reason}`);
    if (cure) out(`${" ".repeat(24)}> ${cure}`);
  }
  const count = (which: DoctorFinding["severity"]) => findings.filter(({ severity }) => severity === which).length;
  out(`\n${count("error")} errors, ${count("warning")} warnings, ${count("note")} notes.`);
}
