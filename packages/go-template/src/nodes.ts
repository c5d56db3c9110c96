/** A part of a template. */
export type Node =
  | { readonly kind: "text"; readonly text: string; readonly line: number }
  | { readonly kind: "output"; readonly pipe: Pipe; readonly line: number }
  | {
      readonly kind: "if" | "with";
      readonly pipe: Pipe;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | {
      readonly kind: "range";
      readonly pipe: Pipe;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
      readonly line: number;
    }
  | { readonly kind: "template"; readonly name: string; readonly pipe?: Pipe; readonly line: number }
  | { readonly kind: "break" | "continue" };

/** Commands, each of which gets the result of the one before as its last argument. */
export interface Pipe {
  /** The variables that take the result. */
  readonly variables: readonly string[];
  readonly declares: boolean;
  readonly commands: readonly Command[];
  readonly line: number;
}

/** A function or value, and its arguments. */
export interface Command {
  readonly operands: readonly Expression[];
  readonly line: number;
}

/** What stands for a value. `path` are the fields that are taken of it. */
export type Expression = { readonly line: number } & (
  | { readonly kind: "dot"; readonly path: readonly string[] }
  | { readonly kind: "literal"; readonly value: unknown }
  | { readonly kind: "variable"; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "pipe"; readonly pipe: Pipe; readonly path: readonly string[] }
);

/** What a template consists of, and the text that it was read from. */
export interface Definition {
  readonly nodes: readonly Node[];
  readonly source: string;
}

/** A template and those that it can call, by name. */
export interface Parsed {
  readonly main: Definition;
  readonly defined: ReadonlyMap<string, Definition>;
}
