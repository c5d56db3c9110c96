import type { Random } from "./random.ts";

/** A flow that was begun, and what its client needs to go on with it. */
export interface KnownFlow {
  readonly kind: string;
  readonly id: string;
  readonly csrfToken: string;
  readonly cookies: string;
}

/** What was learnt of the server: requests are made of it, so that they meet what is there. */
export interface Known {
  readonly flows: KnownFlow[];
  readonly identities: string[];
  readonly sessions: string[];
  readonly tokens: string[];
  readonly cookies: string[];
  readonly messages: string[];
  readonly errors: string[];
  readonly people: { readonly email: string; readonly password: string }[];
}

const mostKept = 40;

/** Begins to learn. */
export const nothingKnown = (): Known => ({
  flows: [],
  identities: [],
  sessions: [],
  tokens: [],
  cookies: [],
  messages: [],
  errors: [],
  people: [],
});

/** Keeps something; of what there is much, the oldest is forgotten. */
export function keep<T>(list: T[], one: T): void {
  list.push(one);
  if (list.length > mostKept) list.shift();
}

/** One of what is known, or nothing. */
export const oneOf = <T>(random: Random, list: readonly T[]): T | undefined =>
  list.length ? random.pick(list) : undefined;

type Json = ReturnType<typeof JSON.parse>;

/** Learns from an answer. */
export function learn(known: Known, body: Json, cookies: string): void {
  if (typeof body !== "object" || body === null) return;
  const flow = body.flow?.id ? body.flow : body;
  const kind = /self-service\/(\w+)\?flow=/.exec(String(flow.ui?.action))?.[1];
  if (kind) {
    const token = flow.ui.nodes.find(({ attributes }: Json) => attributes?.name === "csrf_token")?.attributes.value;
    keep(known.flows, { kind, id: flow.id, csrfToken: String(token ?? ""), cookies });
  }
  if (typeof body.session_token === "string") keep(known.tokens, body.session_token);
  if (typeof body.session?.id === "string") keep(known.sessions, body.session.id);
  if (typeof body.identity?.id === "string") keep(known.identities, body.identity.id);
  if (typeof body.schema_id === "string" && typeof body.id === "string") keep(known.identities, body.id);
  for (const one of Array.isArray(body) ? body.slice(0, 5) : []) {
    if (one?.template_type) keep(known.messages, one.id);
    else if (one?.authenticated_at) keep(known.sessions, one.id);
    else if (one?.schema_id) keep(known.identities, one.id);
  }
  if (/ory_kratos_session=\w/.test(cookies)) keep(known.cookies, cookies);
}
