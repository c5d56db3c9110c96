import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, MessageInitShape } from "@bufbuild/protobuf";
import { ActorKind, EventPayloadSchema } from "#gen/ostiary/event/v1/event_pb.js";
import type { EventSchema } from "#gen/ostiary/event/v1/event_pb.js";
import type { Actor } from "../../events/cause.ts";
import { cursorAt } from "../../events/cursor.ts";
import type { ListedEvent } from "../../events/list.ts";
import type { Tenant } from "../../tenant.ts";
import { presentTime } from "../present-time.ts";

/** An event as the contract has it. */
export function presentRecordedEvent(event: ListedEvent, tenant: Tenant): MessageInitShape<typeof EventSchema> {
  // PostgreSQL's driver tells numbers of 64 bits as text.
  const sequence = Number(event.sequence ?? 0);
  const payload = presentPayload(event.type, event.payload as Fields);
  return {
    id: event.id,
    type: event.type,
    occurredAt: presentTime(event.occurredAt),
    reason: event.reason,
    actor: {
      kind: kinds[event.actorKind],
      id: event.actorId ?? "",
      name: event.actorName ?? "",
      sessionId: event.actorSessionId ?? "",
      onBehalfOf: event.onBehalfOfId ?? "",
    },
    subjectId: event.subjectId ?? "",
    sessionId: event.sessionId ?? "",
    clientAddress: event.clientAddress ?? "",
    requestId: event.requestId ?? "",
    sequence: BigInt(sequence),
    hash: event.hash ?? "",
    cursor: sequence === 0 ? "" : cursorAt(tenant, sequence),
    ...(payload && { payload: { payload } }),
  };
}

const kinds: Readonly<Record<Actor["kind"], ActorKind>> = {
  identity: ActorKind.IDENTITY,
  administrator: ActorKind.ADMINISTRATOR,
  api_key: ActorKind.API_KEY,
  certificate: ActorKind.CERTIFICATE,
  anonymous: ActorKind.ANONYMOUS,
  system: ActorKind.SYSTEM,
};

type Fields = Readonly<Record<string, unknown>>;
type Payload = NonNullable<MessageInitShape<typeof EventPayloadSchema>["payload"]>;

/** The messages of payloads, by the types that they are of. */
const arms = new Map(EventPayloadSchema.oneofs[0]!.fields.map((arm) => [arm.message!.name, arm]));

/** The types of events that this server knows. */
export const eventTypes: readonly string[] = [...arms.keys()];

/** What an event says, as the message of its type; undefined where another version of the server has recorded it. */
function presentPayload(type: string, payload: Fields): Payload | undefined {
  const arm = arms.get(type);
  if (!arm) return undefined;
  const said = arm.message!.fields.filter(({ name }) => payload[name] !== undefined);
  const value = Object.fromEntries(said.map((field) => [field.localName, presentField(field, payload[field.name])]));
  return { case: arm.localName, value } as Payload;
}

function presentField({ fieldKind, message, scalar }: DescField, value: unknown): unknown {
  if (message) return presentTime(new Date(value as string));
  if (fieldKind === "list") return (value as unknown[]).map((one) => (typeof one === "number" ? BigInt(one) : one));
  return scalar === ScalarType.INT64 ? BigInt(value as number) : value;
}
