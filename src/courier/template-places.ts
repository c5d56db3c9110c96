import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { CourierConfig, EmailTemplate, SmsTemplate, TemplateSet } from "../config/outgoing-config.ts";
import { emailTypes, smsTypes } from "../config/template-types.ts";
import type { TemplateType } from "../config/template-types.ts";

/** The parts of a message that have a template of their own. */
export type Part = "subject" | "text" | "html" | "sms";

/** Where a template is. */
export interface TemplatePlace {
  /** The key of the configuration, or the file. */
  readonly name: string;
  /** The document's URL, or the file's path. */
  readonly url: string;
  readonly kind: "text" | "html";
  /** The files beside it whose names begin alike, which it can use: `email.body.de.gotmpl` for `email.body.gotmpl`. */
  readonly beside?: readonly string[];
}

const fileNames: Readonly<Record<Part, string>> = {
  subject: "email.subject.gotmpl",
  text: "email.body.plaintext.gotmpl",
  html: "email.body.gotmpl",
  sms: "sms.body.gotmpl",
};

/** "recovery_code_valid" as its set and the half of it: ["recovery_code", "valid"]. */
function setOf(type: TemplateType): readonly [set: string, half?: "valid" | "invalid"] {
  if (type === "stub") return ["test_stub"];
  const split = /^(.*)_(valid|invalid)$/.exec(type);
  return split ? [split[1]!, split[2] as "valid" | "invalid"] : [type];
}

/**
 * Where the operator has put a template: what the configuration names goes before the folder, and there a file of the
 * message's language before the one for all. Undefined for a built-in text.
 */
export function templatePlace(
  config: CourierConfig,
  type: TemplateType,
  part: Part,
  locale?: string,
): TemplatePlace | undefined {
  const kind = part === "html" ? "html" : "text";
  const [set, half] = setOf(type);
  const templates = (config.templates as Readonly<Record<string, TemplateSet | undefined>>)[set];
  const pair = half ? templates?.[half] : templates;
  const [key, url] =
    part === "sms" ? ["sms.body.plaintext", smsUrl(pair?.sms)] : [emailKeys[part], emailUrl(pair?.email, part)];
  if (url !== undefined) return { name: ["courier.templates", set, half, key].filter(Boolean).join("."), url, kind };
  const folder = config.template_override_path;
  if (!folder) return undefined;
  const general = resolve(join(folder, set, half ?? "", fileNames[part]));
  const translated = locale !== undefined && general.replace(/gotmpl$/, `${locale}.gotmpl`);
  const path = translated && existsSync(translated) ? translated : general;
  return existsSync(path)
    ? { name: path, url: pathToFileURL(path).href, kind, beside: filesBeside(general, path) }
    : undefined;
}

/** The files whose names begin like that of the template for all languages, but for the one that is meant. */
function filesBeside(general: string, path: string): string[] {
  const own = basename(path);
  const beginning = basename(general).replace(/gotmpl$/, "");
  const alike = readdirSync(dirname(path)).filter(
    (name) => name !== own && name.startsWith(beginning) && name.endsWith(".gotmpl"),
  );
  // Plain text defines what is no HTML, perhaps by the same names.
  const names = alike.filter(
    (name) => basename(general) !== fileNames.html || !name.startsWith("email.body.plaintext."),
  );
  return names.toSorted().map((name) => join(dirname(path), name));
}

const emailKeys = { subject: "email.subject", text: "email.body.plaintext", html: "email.body.html" } as const;

const smsUrl = (sms: SmsTemplate | undefined): string | undefined => sms?.body?.plaintext;

const emailUrl = (email: EmailTemplate | undefined, part: "subject" | "text" | "html"): string | undefined =>
  part === "subject" ? email?.subject : part === "html" ? email?.body?.html : email?.body?.plaintext;

/** Every template that the operator has put somewhere. */
export function templatePlaces(config: CourierConfig): TemplatePlace[] {
  const languages = [undefined, config.locale.default, ...config.locale.languages];
  const inAll = (type: TemplateType, part: Part) =>
    languages.map((language) => templatePlace(config, type, part, language));
  const emails = emailTypes.flatMap((type) =>
    (["subject", "text", "html"] as const).flatMap((part) => inAll(type, part)),
  );
  const found = [...emails, ...smsTypes.flatMap((type) => inAll(type, "sms"))].filter((place) => place !== undefined);
  return [...new Map(found.map((place) => [place.name, place])).values()];
}
