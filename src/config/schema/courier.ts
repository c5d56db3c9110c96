import { faultOfChannel } from "../channel-rules.ts";
import { faultOfClientCertificate } from "../client-certificate.ts";
import {
  choiceOr,
  durationOr,
  flagIfSet,
  list,
  open,
  optionalSection,
  required,
  ruled,
  section,
  table,
  text,
  textOr,
  whole,
  choice,
} from "../setting.ts";
import { faultOfSmtpUri } from "../smtp-uri.ts";
import { emailTypes } from "../template-types.ts";
import { absoluteUrl, channelId, email as emailFormat, languageTag, oneLine } from "./formats.ts";
import { deliveryRequest } from "./outgoing.ts";

const email = optionalSection("The e-mail.", {
  subject: text("Where the subject's template is.", absoluteUrl),
  body: optionalSection("The body's templates.", {
    plaintext: text("Where the plain text's template is.", absoluteUrl),
    html: text("Where the HTML's template is.", absoluteUrl),
  }),
});

const sms = optionalSection("The SMS.", {
  body: optionalSection("The body's template.", { plaintext: text("Where the text's template is.", absoluteUrl) }),
});

const valid = optionalSection("Sent if the address is known.", { email: required(email), sms });
const invalid = optionalSection("Sent if the address is not known.", { email: required(email) });

const toEither = (about: string) => optionalSection(about, { valid, invalid });
const toKnown = (about: string) => optionalSection(about, { valid });
const plain = (about: string) => optionalSection(about, { email, sms });

const smtpKeys = {
  connection_uri: ruled(text("Address of the mail server, with user and password."), faultOfSmtpUri),
  client_cert_path: textOr("", "File with the client certificate."),
  client_key_path: textOr("", "File with the client certificate's key."),
  from_address: textOr("no-reply@ory.kratos.sh", "Sender of all mail.", emailFormat),
  from_name: text("Name of the sender.", oneLine),
  headers: ruled(table("Headers of every mail.", text("A header's value.", oneLine)), (headers) => {
    const unfit = Object.keys(headers).find((name) => !/^[!-9;-~]+$/.test(name));
    return unfit === undefined ? undefined : `has ${JSON.stringify(unfit)}, which is no header's name`;
  }),
  local_name: textOr("localhost", "How the server names itself to the mail server.", {
    pattern: /^[\w.:[\]-]+$/,
    expected: "a host's name",
  }),
};

const channel = ruled(
  section("A channel.", {
    id: required(
      text(
        "Its name. `sms` takes all text messages and `email` all mail, but for what another channel takes.",
        channelId,
      ),
    ),
    carries: choice(["email", "sms"], "What it takes; not set: text messages if it is called `sms`, else mail."),
    type: choiceOr(["http", "smtp"], "http", "How the channel delivers."),
    request_config: deliveryRequest,
    smtp_config: ruled(
      optionalSection("The channel's mail server, as in `courier.smtp`.", smtpKeys),
      faultOfClientCertificate,
    ),
    message_types: list("Which messages take this channel.", choice(emailTypes, "A kind of message."), {
      unique: true,
    }),
    fallback: list(
      "Channels that take turns with this one when a message has to be tried again.",
      text("A channel's id.", channelId),
      { unique: true },
    ),
  }),
  faultOfChannel,
);

const limit = (about: string, messages: number, within: string) =>
  section(about, {
    messages: whole(messages, "How many messages; 0 for any number.", { min: 0 }),
    within: durationOr(within, "In which time, from the first one on."),
  });

const smtp = ruled(section("The mail server.", smtpKeys), faultOfClientCertificate);

/** How messages are made and sent. */
export const courier = section("How messages are made and sent.", {
  templates: section("Texts that replace the built-in ones.", {
    recovery: toEither("A link that recovers an account."),
    recovery_code: toEither("A code that recovers an account."),
    verification: toEither("A link that verifies an address."),
    verification_code: toEither("A code that verifies an address."),
    registration_code: toKnown("A code that completes a registration."),
    login_code: toKnown("A code to sign in with."),
    verifiable_address_changed: plain("The news that an address was changed."),
    authenticator_key_added: plain("The news that a key was added."),
    deletion_scheduled: plain("The news that an account will be deleted. Ostiary's own."),
    invitation: toKnown("An invitation to sign up. Ostiary's own."),
  }),
  template_override_path: text("Folder with templates that replace the built-in ones."),
  locale: section("The language of messages, where the operator's templates know several.", {
    languages: list(
      "The languages that the templates know, such as `de` or `pt-BR`.",
      text("A language.", languageTag),
    ),
    default: textOr("en", "The language for everybody else.", languageTag),
    from: textOr(
      "traits.locale",
      "Where an account says its language: a path that begins with `traits` or `metadata_public`.",
      {
        pattern: /^(traits|metadata_public)(\.[^.]+)+$/,
        expected: "a path below traits or metadata_public",
      },
    ),
  }),
  limits: section(
    "How many codes and links are sent. Whoever asks for more gets the same answer, and no message; the log tells of it (`courier.limit_reached`).",
    {
      per_address: limit("To one address.", 3, "15m"),
      per_address_daily: limit("To one address in the long run.", 10, "24h"),
      per_client: limit("For one client, by its IPv4 address or IPv6 network (/64).", 20, "1h"),
    },
  ),
  message_retries: whole(5, "How often a message is tried before it is given up.", { min: 0 }),
  worker: open(
    section("How the queue is worked off.", {
      pull_count: whole(10, "Messages taken at a time.", { min: 1 }),
      pull_wait: durationOr("1s", "Pause between two looks into the queue."),
    }),
  ),
  delivery_strategy: choiceOr(["smtp", "http"], "smtp", "What delivers e-mail."),
  http: section("Delivery of e-mail over HTTP.", { request_config: deliveryRequest }),
  smtp,
  channels: list("Ways to send messages beside the one for all mail.", channel),
  inbox: flagIfSet(
    "Whether all messages are shown at `/ui/inbox` of the public port, to everybody, and by `InboxService`; messages that no mail server or channel takes count as sent then. Not set: in development mode alone. Ostiary's own.",
  ),
});
