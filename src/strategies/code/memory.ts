import type { Flow, Memory } from "../../flow/flow.ts";
import { defineMemory, isOptionalText, isRecord } from "../../flow/memory.ts";
import type { AddressKey } from "../../identity/address-statements.ts";

/** What a flow remembers of codes. */
interface Remembered {
  /** Whom a code to sign in by was sent to, as they named themselves. */
  readonly sentTo?: string;
  /** What somebody who wants to get back in has typed first. */
  readonly typed?: string;
  /** The address that they chose among those shown in part. */
  readonly chosen?: AddressKey;
}

const isAddress = (value: unknown): value is AddressKey =>
  isRecord(value) && (value["via"] === "email" || value["via"] === "sms") && typeof value["value"] === "string";

const slot = defineMemory(
  "code",
  (value): value is Remembered =>
    isRecord(value) &&
    isOptionalText(value["sentTo"]) &&
    isOptionalText(value["typed"]) &&
    (value["chosen"] === undefined || isAddress(value["chosen"])),
);

/** What a flow remembers of codes. */
export const remembered = (flow: Pick<Flow, "memory">): Remembered => slot.of(flow) ?? {};

/** Makes a flow remember this, and nothing else of codes. */
export const remember = (what: Remembered): Memory => slot.with(what);
