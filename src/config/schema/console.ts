import { durationOr, flagIfSet, list, section, text } from "../setting.ts";
import { webAddress } from "./formats.ts";

/** How administrators sign in to the console. */
export const console = section("The console at `/console` of the admin port. Ostiary's own.", {
  require_second_factor: flagIfSet(
    "Whether administrators have to sign in with a second factor or a passkey. Not set: yes, unless with `--dev`.",
  ),
  lifespan: durationOr("12h", "How long somebody stays signed in to the console at most."),
  idle_timeout: durationOr("30m", "After how long without a call they have to sign in again."),
  origins: list(
    "Where the console can be opened beside `serve.admin.base_url`, such as `https://console.example.org`.",
    text("An origin.", webAddress),
    { unique: true },
  ),
});
