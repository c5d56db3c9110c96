import { invalidSubmission } from "../../ui/messages.ts";

/** That a flow takes no more codes, not even the right one. */
export const tooManyTries = () => invalidSubmission("You have entered too many wrong codes. Start again.");
