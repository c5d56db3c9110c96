import type { Page } from "playwright-core";
import type { ConfigTree } from "../../test/support/config.ts";
import type { Visitor } from "./visitor.ts";

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
