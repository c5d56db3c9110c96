import { getOption, hasOption } from "@bufbuild/protobuf";
import type { DescMethod, DescService, Message } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { access } from "#gen/ostiary/access/v1/access_pb.js";
import type { Call, Context } from "../context.ts";
import type { Principal } from "../principal.ts";

/** What a call of the admin API asks of its callers, as the contract says. */
export interface Demand {
  /** The scope that is needed; undefined where anybody may call. */
  readonly scope: string | undefined;
  readonly wholeServer: boolean;
  /** Whether it may change something. */
  readonly changes: boolean;
  /** The id of the identity that a request is about, where the call changes one. */
  subjectOf(request: Message): string | undefined;
  /** The scopes that a request needs beside that of the call. */
  scopesOf(request: Message): readonly string[];
}

/** What a gate looks at of a call. */
export type Asking = Pick<Call, "headers" | "url" | "peer" | "certificate" | "tenant" | "reply">;

/** Lets callers of a port in, by what the contract demands. */
export interface Gate {
  /** Who calls, if anybody has said; throws where the call asks for more. */
  admit(demand: Demand, call: Asking): Promise<Principal | undefined> | undefined;
  /** Throws where the request asks for more than its caller may have. */
  examine(demand: Demand, request: Message, ctx: Context): Promise<void> | undefined;
}

/** What a method demands. What says nothing in the contract is for nobody who needs a credential. */
export function demandOf(method: DescMethod): Demand {
  const said = hasOption(method, access) ? getOption(method, access) : undefined;
  const subject = said?.subject.split(".") ?? [];
  return {
    scope: said?.open ? undefined : said?.scope || "undeclared",
    wholeServer: said?.wholeServer ?? false,
    changes: method.idempotency !== MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS,
    subjectOf(request) {
      const found = said?.subject ? valueAt(method, request, subject) : undefined;
      return typeof found === "string" ? found : undefined;
    },
    scopesOf: (request) =>
      (said?.fields ?? [])
        .filter(({ field }) => isSaid(valueAt(method, request, field.split("."))))
        .map(({ scope }) => scope),
  };
}

/** All scopes that services of the contract ask for, and those of what else the admin port shows. */
export function scopesOf(services: readonly DescService[]): string[] {
  const said = services
    .flatMap(({ methods }) => methods)
    .filter((method) => hasOption(method, access))
    .map((method) => getOption(method, access));
  const all = said.flatMap(({ scope, fields }) => [scope, ...fields.map(({ scope }) => scope)]);
  return [...new Set([...all, serverScope])].filter(Boolean).sort();
}

/** What it takes to read the metrics, and where that is configured the health. */
export const serverScope = "server.read";

const isSaid = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== "" && value !== false && value !== 0;

function valueAt({ input }: DescMethod, request: Message, path: readonly string[]): unknown {
  let value: unknown = request;
  let message: DescMethod["input"] | undefined = input;
  for (const step of path) {
    const field: DescMethod["input"]["fields"][number] | undefined = message?.fields.find(({ name }) => name === step);
    value = field && (value as Record<string, unknown> | undefined)?.[field.localName];
    message = field?.fieldKind === "message" ? field.message : undefined;
  }
  return value;
}
