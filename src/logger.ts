import type { Log } from "./log.ts";
import { activeSpan } from "./tracing/active-span.ts";
import type { ActiveSpan } from "./tracing/active-span.ts";

const ranks = { debug: 0, info: 1, warn: 2, error: 3 } as const;
const leastRank: Readonly<Record<string, number>> = {
  trace: 0,
  debug: 0,
  info: 1,
  warning: 2,
  error: 3,
  fatal: 3,
  panic: 3,
};

type Level = keyof typeof ranks;

/** How a logger writes. */
export interface LoggerOptions {
  /** The least important level that is written, in the words of the configuration. */
  readonly level: string;
  readonly format: "json" | "text";
  readonly redaction?: string;
  /** Writes people's addresses as they are. Never secrets. */
  readonly leakPeople?: boolean;
  readonly now?: () => Date;
  readonly write?: (line: string) => void;
}

/** A logger that writes one line per event, to standard error unless told otherwise. */
export function createLogger(options: LoggerOptions): Log {
  const { format, now = () => new Date() } = options;
  const rules = { redaction: options.redaction ?? "[redacted]", leakPeople: options.leakPeople ?? false };
  const write = options.write ?? ((line) => void process.stderr.write(line));
  const least = leastRank[options.level] ?? ranks.info;
  const log =
    (level: Level) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      if (ranks[level] < least) return;
      const safe = { ...(redact(fields, rules) as Record<string, unknown>), ...traceOf(activeSpan()) };
      const line = format === "json" ? jsonLine(now(), level, event, safe) : textLine(now(), level, event, safe);
      write(`${line}\n`);
    };
  const withoutDebug = ranks.debug < least;
  return { withoutDebug, debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
}

/** Which trace a line belongs to, by the names that OpenTelemetry has for that. */
const traceOf = (span: ActiveSpan | undefined) => span && { trace_id: span.traceId, span_id: span.spanId };

const jsonLine = (time: Date, level: Level, event: string, fields: Record<string, unknown>): string =>
  escapeControls(JSON.stringify({ time, level, event, ...fields }));

function textLine(time: Date, level: Level, event: string, fields: Record<string, unknown>): string {
  const words = Object.entries(fields).map(([key, value]) => `${key}=${showValue(value)}`);
  return escapeControls([time.toISOString(), level.toUpperCase().padEnd(5), event, ...words].join(" "));
}

const showValue = (value: unknown): string =>
  typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : String(JSON.stringify(value));

// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** No value can begin a new line or speak to the terminal. */
const escapeControls = (line: string): string =>
  line.replace(controls, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

const secretName = /pass(?:word|phrase)|secret|token|cookie|authorization|credential|private_?key|^dsn$|^code$/i;
const personName = /^(?:identifier|recipient|e?mail|phone|address|traits)$/i;
const deepest = 6;

interface Rules {
  readonly redaction: string;
  readonly leakPeople: boolean;
}

function redact(value: unknown, rules: Rules, depth = 0): unknown {
  if (value instanceof Error) return describeError(value, rules, depth);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return safeText(value, rules);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (depth > deepest) return "…";
  if (Array.isArray(value)) return value.map((item) => redact(item, rules, depth + 1));
  const hidden = (key: string, own: unknown) =>
    own !== undefined &&
    typeof own !== "boolean" &&
    (secretName.test(key) || (!rules.leakPeople && personName.test(key)));
  const entries = Object.entries(value).map(([key, own]) => [
    key,
    hidden(key, own) ? rules.redaction : redact(own, rules, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function describeError(error: Error, rules: Rules, depth: number): unknown {
  const cause = error.cause === undefined || depth > deepest ? undefined : redact(error.cause, rules, depth + 1);
  const [message, stack] = [error.message, error.stack ?? ""].map((text) => safeText(text, rules));
  return { name: error.name, message, stack, cause };
}

/** Without a URL's password, the tokens that this server hands out, and the names of people. Whose mail server it is may be told. */
function safeText(text: string, { redaction, leakPeople }: Rules): string {
  const safe = text
    .replace(/(:\/\/[^\s/:@]*:)[^\s/@]+@/g, `$1${redaction}@`)
    .replace(/\bory_(?:st|lo)_\w+/g, redaction);
  return leakPeople ? safe : safe.replace(mailbox, `${redaction}@`).replace(/\+\d{6,}/g, `+${redaction}`);
}

// A version such as pack@1.2 is no address: a domain ends in letters.
const mailbox = /[\p{L}\p{N}.!#$%&*+=?^_`{|}~-]{1,64}@(?=(?:[\p{L}\p{N}-]{1,63}\.){1,9}\p{L}{2}|localhost)/gu;
