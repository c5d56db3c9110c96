/** What is wrong with a template, and where: `greeting:3: there is no function shout`. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  /** What is wrong, without the place. */
  readonly problem: string;
  /** The line of the action, counted from one. */
  readonly line: number;
  /** The template that the line is of, by the name that it was given. */
  readonly template: string;

  constructor(problem: string, line: number, template = "", options?: ErrorOptions) {
    super(`${template}:${line}: ${problem}`, options);
    this.problem = problem;
    this.line = line;
    this.template = template;
  }
}

/** Does a part of the work on a template; what goes wrong there is told with that template's name. */
export function within<Result>(template: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateError && error.template === "")
      throw new TemplateError(error.problem, error.line, template, { cause: error.cause });
    throw error;
  }
}

/** Does what a line asks for; what goes wrong there is told with the line. */
export function atLine<Result>(line: number, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    throw new TemplateError(error instanceof Error ? error.message : String(error), line, "", { cause: error });
  }
}
