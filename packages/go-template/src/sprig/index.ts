import type { TemplateFunction } from "../values.ts";
import { collectionFunctions } from "./collections.ts";
import { numberFunctions } from "./numbers.ts";
import { textFunctions } from "./texts.ts";

/**
 * The functions of Sprig (https://masterminds.github.io/sprig/) that reach nothing outside of the template: neither the environment nor
 * the network, neither random values nor keys. The README lists them.
 *
 * @example
 * parseTemplate('{{ .Name | default "friend" | title }}', { functions: sprigFunctions });
 */
export const sprigFunctions: Readonly<Record<string, TemplateFunction>> = { ...textFunctions, ...collectionFunctions, ...numberFunctions };
