import { durationOr, flag, list, required, ruled, section, text, textOr, whole } from "../setting.ts";
import { eventPattern, subscriptionName, webAddress, webhookSecret } from "./formats.ts";

const shortestMs = 100;
const longestMs = 30_000;

const subscription = section("A server that is told.", {
  id: required(text("Its name.", subscriptionName)),
  url: required(text("Where events are sent.", webAddress)),
  types: list(
    "The types of events that are sent, such as `IdentityCreated` or `Session*`; all, where none is named.",
    text("A type; `*` stands for any letters.", eventPattern),
    {
      unique: true,
    },
  ),
  description: textOr("", "What it is for.", { maxLength: 255 }),
  secrets: required(
    list(
      "The secrets that sign, newest first: two while one takes the place of the other.",
      text("A secret.", webhookSecret),
      {
        min: 1,
        unique: true,
      },
    ),
  ),
  enabled: flag(true, "Whether it is told."),
});

/** Which servers are told of events, and how. */
export const webhooks = section("Events that are sent to other servers. Ostiary's own.", {
  subscriptions: ruled(
    list(
      "Servers that are told of what happens in the default tenant, beside those that are kept in the database.",
      subscription,
    ),
    (subscriptions) => {
      const ids = subscriptions.map(({ id }) => id);
      const twice = ids.find((id, at) => ids.indexOf(id) !== at);
      return twice === undefined ? undefined : `has two subscriptions ${JSON.stringify(twice)}`;
    },
  ),
  timeout: ruled(durationOr("15s", "How long a receiver may take to answer; from 100ms to 30s."), (ms) =>
    ms < shortestMs || ms > longestMs ? "must be from 100ms to 30s" : undefined,
  ),
  give_up_after: durationOr("72h", "How long a delivery is tried before it becomes a dead letter."),
  worker: section("How deliveries are made.", {
    enabled: flag(true, "Whether this server delivers; some server has to."),
    per_receiver: whole(8, "How many deliveries to one receiver this server makes at a time.", { min: 1, max: 1000 }),
    pull_wait: durationOr("1s", "Pause between two looks for what is due."),
  }),
});
