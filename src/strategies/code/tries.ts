import { invalidSubmission } from "../../ui/messages.ts";

/** That a flow takes no more codes, not even the right one. */
export const tooManyTries = () => invalidSubmission("Too many codes were tried. Begin anew.");
