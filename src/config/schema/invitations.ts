import { durationOr, ruled, section, whole } from "../setting.ts";

/** How administrators invite people to sign up. */
export const invitations = ruled(
  section("Invitations to sign up. Ostiary's own.", {
    lifespan: durationOr("168h", "How long an invitation is good where whoever invites does not say."),
    max_lifespan: durationOr("2160h", "How long it is good at most."),
    max_pending_per_recipient: whole(1, "How many invitations one address may have that wait to be accepted.", {
      min: 1,
      max: 100,
    }),
    sends_per_recipient: section("How often an invitation is sent to one address; more is answered with 429.", {
      messages: whole(5, "How many messages; 0 for any number.", { min: 0 }),
      within: durationOr("24h", "In which time, from the first one on."),
    }),
  }),
  ({ lifespan, max_lifespan: most }) =>
    lifespan > most ? "has a lifespan that is longer than max_lifespan" : undefined,
);
