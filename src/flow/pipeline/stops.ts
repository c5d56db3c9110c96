import { traced } from "../../tracing/active-span.ts";
import type { FlowDefinition } from "../definition.ts";
import type { FlowKind } from "../kinds.ts";
import { admit, load, recallHeld, refuseExpired, tellObjections } from "./admission.ts";
import { chooseMethod, inspect } from "./choice.ts";
import { refuseStranger, chooseResuming } from "./callback.ts";
import { complete, inspectResult } from "./completion.ts";
import { answerFailure, goOnAsAnother, judge, sendElsewhere, showNextPage } from "./judgement.ts";
import { refuseForged, refuseUnreadable } from "./origin.ts";
import type { Outcome } from "./outcome.ts";
import type { Run, StopResult } from "./run.ts";

/** One rule on the way of a submission. */
export interface Stop {
  /** The rule, in a few words. */
  readonly rule: string;
  /** Its function, as traces name it. */
  readonly name: string;
  run<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>>;
  /** What the client is told where the rule does not let it go on. */
  readonly otherwise: string;
  /** What a kind of flow has to say for the stop to concern it; all kinds where nothing stands here. */
  readonly concerns?: keyof FlowDefinition<FlowKind, unknown>;
}

const whoMayGoOn: readonly Stop[] = [
  {
    rule: "who may go on",
    name: "admit",
    run: admit,
    otherwise: "SESSION_ALREADY_AVAILABLE, SESSION_AAL1_REQUIRED, SESSION_REQUIRED",
    concerns: "admit",
  },
  {
    rule: "not expired",
    name: "refuseExpired",
    run: refuseExpired,
    otherwise: "SELF_SERVICE_FLOW_EXPIRED, and a new flow",
  },
  { rule: "look up what is not stored with a flow", name: "load", run: load, otherwise: "" },
  {
    rule: "tell who may not go on",
    name: "tellObjections",
    run: tellObjections,
    otherwise: "the form, with what is in the way",
    concerns: "admit",
  },
];

const whatPassingMeans: readonly Stop[] = [
  {
    rule: "what another site has told of somebody (traits)",
    name: "inspectResult",
    run: inspectResult,
    otherwise: "the form, with all that is wrong",
    concerns: "inspectResult",
  },
  {
    rule: "complete: what passing means, written in one transaction",
    name: "complete",
    run: complete,
    otherwise: "the form (an address taken, an account disabled); RETRY, DATABASE_UNAVAILABLE",
  },
];

const whatCameOfIt: readonly Stop[] = [
  {
    rule: "the method judges: `step.submit`, or `step.resume`",
    name: "judge",
    run: judge,
    otherwise: "TOO_MANY_REQUESTS",
  },
  {
    rule: "not refused",
    name: "answerFailure",
    run: answerFailure,
    otherwise: "the form, with complaints; TOO_MANY_REQUESTS; SELF_SERVICE_FLOW_REPLACED, and a new flow",
  },
  { rule: "nothing more to ask", name: "showNextPage", run: showNextPage, otherwise: "the form, with its next page" },
  {
    rule: "nothing to do elsewhere",
    name: "sendElsewhere",
    run: sendElsewhere,
    otherwise: "BROWSER_LOCATION_CHANGE_REQUIRED",
  },
  {
    rule: "the right kind of flow",
    name: "goOnAsAnother",
    run: goOnAsAnother,
    otherwise: "what the flow of the other kind says",
  },
  ...whatPassingMeans,
];

/** The way of a submission, once its flow is found. */
export const stopsOfSubmission: readonly Stop[] = [
  ...whoMayGoOn,
  {
    rule: "recall what was held until somebody has confirmed who they are",
    name: "recallHeld",
    run: recallHeld,
    otherwise: "",
    concerns: "held",
  },
  {
    rule: "the body could be read",
    name: "refuseUnreadable",
    run: refuseUnreadable,
    otherwise: "the form, with 4000001",
  },
  { rule: "not forged", name: "refuseForged", run: refuseForged, otherwise: "SECURITY_CSRF_VIOLATION" },
  {
    rule: "a method that is on and fits, named or the only one meant",
    name: "chooseMethod",
    run: chooseMethod,
    otherwise: 'METHOD_DISABLED; the form, with "no such method"',
  },
  {
    rule: "what no method may forget (traits), and what this one cannot do without",
    name: "inspect",
    run: inspect,
    otherwise: "the form, with all that is wrong",
  },
  ...whatCameOfIt,
];

/** The way of a client that comes back from where a method has sent it, once its state is read and its flow is found. */
export const stopsOfCallback: readonly Stop[] = [
  ...whoMayGoOn,
  {
    rule: "the method that has sent it off, if it is on and fits",
    name: "chooseResuming",
    run: chooseResuming,
    otherwise: "METHOD_DISABLED",
  },
  {
    rule: "the client that was sent off, once",
    name: "refuseStranger",
    run: refuseStranger,
    otherwise: "SECURITY_CSRF_VIOLATION",
  },
  ...whatCameOfIt,
];

/** The way of a flow that has taken over from one of another kind. */
export const stopsOfHandover: readonly Stop[] = [...whoMayGoOn, ...whatPassingMeans];

/** Sends a run along its stops, until one says where it ends. */
export async function follow<K extends FlowKind, C>(stops: readonly Stop[], start: Run<K, C>): Promise<Outcome<C, K>> {
  let run = start;
  for (const stop of stops) {
    const said = await tracedStop(stop, run);
    if ("outcome" in said) return said.outcome;
    run = said;
  }
  throw new Error("The way of a submission has no end.");
}

/** Passes a stop, in a span of its own. */
const tracedStop = <K extends FlowKind, C>({ name, run: pass }: Stop, run: Run<K, C>): Promise<StopResult<K, C>> =>
  traced(
    `flow ${name}`,
    {
      attributes: {
        "ostiary.flow.kind": run.flow.kind,
        "ostiary.flow.id": run.flow.id,
        "ostiary.method": run.strategy?.name,
      },
    },
    () => pass(run),
  );
