import { existsSync } from "node:fs";

const places = [
  process.env["OSTIARY_TEST_CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Where a Chromium is on this machine: OSTIARY_TEST_CHROMIUM names another. */
export const chromiumPath = places.find((path) => path && existsSync(path));
