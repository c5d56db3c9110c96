import type { TemplateFunction } from "../values.ts";
import { listFunctions } from "./lists.ts";
import { mapFunctions } from "./maps.ts";
import { numberFunctions } from "./numbers.ts";
import { patternFunctions } from "./patterns.ts";
import { textFunctions } from "./texts.ts";
import { timeFunctions } from "./times.ts";
import { urlFunctions } from "./urls.ts";
import { valueFunctions } from "./values.ts";

/**
 * The functions of Sprig (https://masterminds.github.io/sprig/) that reach nothing outside of the template: neither the environment nor
 * the network, neither random values nor keys. The README lists them.
 *
 * @example
 * parseTemplate('{{ .Name | default "friend" | title }}', { functions: sprigFunctions });
 */
export const sprigFunctions: Readonly<Record<string, TemplateFunction>> = {
  ...textFunctions,
  ...patternFunctions,
  ...urlFunctions,
  ...listFunctions,
  ...mapFunctions,
  ...valueFunctions,
  ...numberFunctions,
  ...timeFunctions,
};
