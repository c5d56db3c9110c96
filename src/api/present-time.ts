import { Moment } from "../rest/timestamp.ts";

/** A moment as the contract has it. Plain, since the message that `timestampFromDate` makes costs ten times as much, and most answers hold many. */
export const presentTime = (time: Date | Moment): Moment =>
  time instanceof Moment ? time : new Moment(time.getTime());
