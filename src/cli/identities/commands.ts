import type { Command } from "../command.ts";
import { deleteCommand } from "./delete.ts";
import { exportCommand } from "./export.ts";
import { getCommand } from "./get.ts";
import { importCommand, kratosImportCommand } from "./import.ts";
import { listCommand } from "./list.ts";
import { patchCommand } from "./patch.ts";
import { validateCommand } from "./validate.ts";

/** `ostiary identities ...`, and what Kratos calls the same. */
export const identityCommands: readonly Command[] = [
  listCommand,
  getCommand,
  importCommand,
  kratosImportCommand,
  patchCommand,
  deleteCommand,
  validateCommand,
  exportCommand,
];
