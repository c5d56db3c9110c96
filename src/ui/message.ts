/** Something that a form says to people, in the shape in which clients read it. */
export interface Message {
  /** What it says, in a number: clients translate by it. */
  readonly id: number;
  readonly text: string;
  readonly type: "info" | "error" | "success";
  readonly context?: Readonly<Record<string, unknown>>;
}

type Context = Readonly<Record<string, unknown>>;

const message =
  (type: Message["type"]) =>
  (id: number, text: string, context?: Context): Message => ({ id, text, type, ...(context && { context }) });

/** A label, or news that are neither good nor bad. */
export const info = message("info");

/** What is wrong. */
export const failure = message("error");

/** What went well. */
export const success = message("success");
