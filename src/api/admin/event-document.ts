import { EventSchema } from "#gen/ostiary/event/v1/event_pb.js";
import { create } from "@bufbuild/protobuf";
import type { Context } from "../../context.ts";
import type { ListedEvent } from "../../events/list.ts";
import { encoderOf } from "../../rest/encode.ts";
import { presentRecordedEvent } from "./present-recorded-event.ts";

const encode = encoderOf(EventSchema);

/** An event as REST shows it: what subscribers are sent. */
export const eventDocument = (event: ListedEvent, { tenant }: Pick<Context, "tenant">): unknown =>
  encode(create(EventSchema, presentRecordedEvent(event, tenant)));
