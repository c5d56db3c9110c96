import type { Complaint } from "../../flow/results.ts";
import { propertyMissing } from "../../ui/messages.ts";

/** That a step which takes a code was submitted without one. */
export const codeMissing = (): Complaint => ({ message: propertyMissing("code"), node: "code", group: "code" });
