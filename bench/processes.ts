import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** What is measured has the first core for itself, as far as the machine allows; what measures has the second. */
export const [measuredCore, measuringCore] = ["0", "1"] as const;

const root = resolve(import.meta.dirname, "..");
const canPin = spawnSync("taskset", ["-c", measuringCore, "true"]).status === 0;

/** A command line that runs on one core, where the machine has two. */
export const pinned = (core: string, command: readonly string[]): [string, string[]] => {
  const [first, ...rest] = canPin ? ["taskset", "-c", core, ...command] : command;
  return [first!, rest];
};

/** Starts a program of Node's on the core of what is measured. */
export function start(words: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  const [command, rest] = pinned(measuredCore, [process.execPath, ...words]);
  return spawn(command, rest, {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...environment },
  });
}

/** Ends a process, and waits until it is gone. */
export async function stop(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once("exit", done));
  if (child.exitCode === null && child.kill()) await gone;
}

/** Waits until a URL answers well. */
export async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 4000; tries++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await pause(5);
  }
  throw new Error(`${url} does not answer`);
}

/** How much time on a core a process has had so far, in milliseconds. The kernel counts in hundredths of a second. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** How much memory a process holds, in MB. */
export const residentMb = (pid: number): number => statusMb(pid, "VmRSS");

/** How much it has held at most. */
export const mostResidentMb = (pid: number): number => statusMb(pid, "VmHWM");

const statusMb = (pid: number, field: string): number =>
  Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);
