import type { Page } from "playwright-core";
import type { ConfigTree } from "../../test/support/config.ts";

/** What is typed or ticked, by the names of fields. */
export type Fields = Readonly<Record<string, string | boolean>>;

/** Who is signed in, as the server says. */
export interface SessionSeen {
  readonly level: string;
  readonly methods: string;
  readonly traits: Readonly<Record<string, unknown>>;
}

/** A person in front of a page: buttons are called by their method (`password`) or their own name (`totp_unlink`). */
export interface Visitor {
  open(kind: keyof UserInterface["pages"], query?: string): Promise<void>;
  /** Fills in what belongs to a button, and presses it. */
  send(fields: Fields, button: string): Promise<void>;
  /** Waits for a message, by its id. */
  told(id: number): Promise<void>;
  /** The text of a node, by its id, with whatever the page says around it. */
  text(id: string): Promise<string>;
  /** How many buttons of a name there are, once the page is drawn. */
  count(button: string): Promise<number>;
  isDisabled(button: string): Promise<boolean>;
  signOut(): Promise<void>;
  session(): Promise<SessionSeen | undefined>;
}

/** A user interface for Kratos, and how a person finds their way in it. */
export interface UserInterface {
  /** Where browsers find it. */
  readonly origin: string;
  /** The path of its page for each flow. */
  readonly pages: Readonly<
    Record<"login" | "registration" | "settings" | "recovery" | "verification" | "error", string>
  >;
  /** What it wants configured. */
  readonly config: ConfigTree;
  /** It uses native flows, although it runs in a browser. */
  readonly native?: boolean;
  /** The steps that it has no pages for, with the reason. */
  readonly lacks: Readonly<Record<string, string>>;
  /** The command that serves it, in its checkout. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** A person in front of it. */
  visitor(page: Page, ui: UserInterface): Visitor;
}
