import { defineNotice } from "../delivery/notice.ts";

/** Says that a message was written: whoever delivers for this server will look for it as soon as it is committed. */
export const enqueued = defineNotice("message enqueued");
