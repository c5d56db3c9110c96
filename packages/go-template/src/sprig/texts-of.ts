import { show, type TemplateFunction } from "../values.ts";

/** A function whose arguments are read as texts; it takes as many as it names. */
export const texts = (run: (...args: string[]) => unknown): TemplateFunction =>
  Object.defineProperty((...args: readonly unknown[]) => run(...args.map(show)), "length", { value: run.length });
