import { existsSync } from "node:fs";
import { basename } from "node:path";
import { parseTemplate, sprigFunctions, type Template, TemplateError } from "#go-template";
import { createBoundedCache } from "../bounded-cache.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log.ts";
import { readChanged, readDocument } from "../outgoing/document.ts";
import { templatePlaces } from "./template-places.ts";
import type { TemplatePlace } from "./template-places.ts";

/** What templates are read by. */
export interface TemplateSource {
  readonly config: Pick<Config, "courier" | "clients">;
  readonly log: Log;
}

interface Compiled {
  readonly source: string;
  readonly template: Template;
}

const compiled = createBoundedCache<string, Compiled>(500);

/** A template of the operator's. One that has changed into something unreadable is told, and stays as it was. */
export async function loadTemplate(
  { url, kind, name, beside = [] }: TemplatePlace,
  { config, log }: TemplateSource,
): Promise<Template> {
  const key = `${kind} ${url}`;
  const known = compiled.get(key);
  try {
    const text = await readDocument(url, config.clients);
    const others = Object.fromEntries(beside.map((path) => [basename(path), readChanged(path)]));
    const source = JSON.stringify([text, others]);
    if (known?.source === source) return known.template;
    const template = parseTemplate(text, { name, html: kind === "html", functions: sprigFunctions, templates: others });
    return compiled.set(key, { source, template }).template;
  } catch (error) {
    if (!known) throw named(name, error);
    log.error("a template cannot be used, the last good one stays", { template: name, reason: String(error) });
    return known.template;
  }
}

function named(name: string, error: unknown): Error {
  if (error instanceof TemplateError)
    return new Error(`The template ${placeOf(name, error)} cannot be used: line ${error.line}: ${error.problem}`, {
      cause: error,
    });
  const message = error instanceof Error ? error.message : String(error);
  return message.includes(name)
    ? (error as Error)
    : new Error(`The template ${name} cannot be read: ${message}`, { cause: error });
}

/** What is wrong may stand in a template beside the one that uses it. */
const placeOf = (name: string, { template }: TemplateError): string =>
  template === name ? name : `${name}, by way of ${template},`;

/** Reads all templates of the operator's and answers with what is wrong with them, one sentence each. */
export async function faultsOfTemplates(source: TemplateSource): Promise<string[]> {
  const { courier } = source.config;
  const folder = courier.template_override_path;
  const missing =
    folder && !existsSync(folder)
      ? [`courier.template_override_path: there is no folder ${folder}, and the built-in texts go out.`]
      : [];
  const faults = await Promise.all(
    templatePlaces(courier).map((place) =>
      loadTemplate(place, source).then(
        () => undefined,
        (error: Error) => error.message,
      ),
    ),
  );
  return [...missing, ...faults.filter((fault) => fault !== undefined)];
}
