/**
 * Go's text/template and html/template (https://pkg.go.dev/text/template), with the functions of Sprig.
 *
 * @example
 * import { parseTemplate, sprigFunctions } from "@ostiary/go-template";
 *
 * const greeting = parseTemplate('<p title="{{ .Name }}">Hello {{ .Name | upper }}</p>', { html: true, functions: sprigFunctions });
 * greeting.execute({ Name: '"Ada"' }); // <p title="&#34;Ada&#34;">Hello &#34;ADA&#34;</p>
 *
 * @module
 */
export { TemplateError } from "./error.ts";
export { escapeHtml } from "./html/escape.ts";
export { defaultLimits, type Limits } from "./limits.ts";
export { sprigFunctions } from "./sprig/index.ts";
export { parseTemplate, type ParseOptions, type Template } from "./template.ts";
export { Struct, type TemplateFunction } from "./values.ts";
