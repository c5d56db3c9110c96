import type { Config } from "../config/config.ts";
import { type DoctorFinding, fine } from "./finding.ts";

const aspect = "hashing";
const mebi = 1024 * 1024;

/** The machine that passwords are hashed on. */
export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
  /** How many calls of Node's thread pool run at a time. */
  readonly poolSize: number;
}

/** Whether the parameters of password hashing are strong enough, and fit a machine. */
export function judgeHashing({ hashers, dev }: Config, { cores, memoryBytes }: Machine): DoctorFinding[] {
  if (hashers.algorithm === "bcrypt")
    return hashers.bcrypt.cost < 10
      ? [
          {
            aspect,
            severity: dev ? "note" : "warning",
            where: "hashers.bcrypt.cost",
            reason: `A cost of ${hashers.bcrypt.cost} is guessed too fast (OWASP asks for 10).`,
            cure: "Say 12, or hashers.algorithm argon2.",
          },
        ]
      : [fine(aspect, `Passwords are hashed by bcrypt, cost ${hashers.bcrypt.cost}.`)];
  const { memory, iterations } = hashers.argon2;
  const findings: DoctorFinding[] = [];
  if (!isStrong(memory / mebi, iterations))
    findings.push({
      aspect,
      severity: dev ? "note" : "warning",
      where: "hashers.argon2.memory",
      reason: `${Math.round(memory / mebi)} MiB and ${iterations} iterations are less than OWASP asks for.`,
      cure: "Say 19MB and 2 iterations, or 46MB and 1.",
    });
  // As many as run at a time, on a machine that has other things to do.
  const most = memoryBytes / 2 / cores;
  if (memory > most)
    findings.push({
      aspect,
      severity: "error",
      where: "hashers.argon2.memory",
      reason: `${cores} hashes at a time take ${Math.round((memory * cores) / mebi)} MiB, which is more than half of this machine's ${Math.round(memoryBytes / mebi)} MiB.`,
      cure: `Say ${Math.max(19, Math.floor(most / mebi / 2))}MB or less, with more iterations.`,
    });
  return findings.length
    ? findings
    : [fine(aspect, `Passwords are hashed by Argon2id, ${Math.round(memory / mebi)} MiB, ${iterations} iterations.`)];
}

/** The pairs of the OWASP Password Storage Cheat Sheet: memory in MiB, and iterations. */
const owasp = [
  [46, 1],
  [19, 2],
  [12, 3],
  [9, 4],
  [7, 5],
] as const;

const isStrong = (memory: number, iterations: number): boolean =>
  // 19MB are 18.1 MiB, and meant to be enough.
  owasp.some(([least, times]) => Math.ceil(memory * 1.06) >= least && iterations >= times);

/** Whether one hash takes a time that people bear, and guessers do not like. */
export function judgeHashTime(ms: number, { algorithm }: Config["hashers"]): DoctorFinding {
  const about = { aspect, where: `hashers.${algorithm}` };
  const reason = `A password takes ${Math.round(ms)} ms to hash here.`;
  if (ms > 1000)
    return { ...about, severity: "warning", reason, cure: "Lower the cost: whoever signs in waits for that." };
  return fine(aspect, reason);
}
