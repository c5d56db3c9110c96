/** What is wrong with a template, and where. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly problem: string;
  readonly line: number;

  constructor(problem: string, line: number) {
    super(`line ${line}: ${problem}`);
    this.problem = problem;
    this.line = line;
  }
}
