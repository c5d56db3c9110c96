import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { startProcess } from "../support/server-process.ts";

test(
  "what an operator tells Node of memory goes before what we do",
  { skip: process.platform !== "linux" && "needs /proc" },
  async (t) => {
    const server = await startProcess(t, { environment: { NODE_OPTIONS: "--max_semi_space_size=8" } });
    const flags = readFileSync(`/proc/${server.child.pid}/cmdline`, "utf8")
      .split("\0")
      .filter((word) => word.startsWith("--"));
    assert.deepEqual(flags, ["--heap-growing-percent=50"]);
  },
);
