import { existsSync } from "node:fs";

const places = [
  process.env["OSTIARY_TEST_CHROMIUM"],
  // The engine without windows: the whole browser paints its own toolbars besides, and takes twice the time of a core.
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Where a Chromium is on this machine: OSTIARY_TEST_CHROMIUM names another. */
export const chromiumPath = places.find((path) => path && existsSync(path));
