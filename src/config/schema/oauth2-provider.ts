import { choice, durationOr, flag, ruled, section, table, text } from "../setting.ts";
import { embeddedProvider } from "./embedded-oauth2.ts";
import { webAddress } from "./formats.ts";

const shortestMs = 100;
const longestMs = 60_000;

/** The OAuth 2.0 server that this server signs people in for. */
export const oauth2Provider = section("The OAuth 2.0 server that this server signs people in for.", {
  mode: choice(
    ["hydra", "embedded", "off"],
    "Which it is: Ory Hydra at `url`, the one inside this server, or none. Not set: `hydra` where there is a `url`, else `off`. Ostiary's own.",
  ),
  url: text("The admin API of Ory Hydra.", webAddress),
  headers: table("Headers sent to it.", text("A header's value.")),
  override_return_to: flag(
    false,
    "Whether a flow that begins by a login challenge leads to the client's authorization request instead of `return_to`, so that whoever goes through another flow comes back to it. That address has to be among `selfservice.allowed_return_urls`.",
  ),
  send_acr: flag(
    false,
    "Whether it is told by `acr` how sure this server is of who somebody is: `aal1` or `aal2`. Ostiary's own.",
  ),
  timeout: ruled(durationOr("10s", "How long it may take to answer; from 100ms to 60s. Ostiary's own."), (ms) =>
    ms < shortestMs || ms > longestMs ? "must be from 100ms to 60s" : undefined,
  ),
  embedded: embeddedProvider,
});
