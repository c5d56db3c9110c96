import { getOption, hasOption } from "@bufbuild/protobuf";
import type { DescField, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { http } from "#gen/google/api/annotations_pb.js";
import type { HttpRule } from "#gen/google/api/http_pb.js";
import { method as methodOption } from "#gen/ostiary/rest/v1/rest_pb.js";
import type { MethodShape } from "#gen/ostiary/rest/v1/rest_pb.js";
import { fieldTextOf, textOf } from "./encode.ts";
import type { JsonText } from "./encode.ts";

/** One google.api.http binding, ready to match. */
export interface Route {
  readonly method: DescMethod;
  readonly verb: string;
  /** As the contract writes it: `/admin/identities/{id}`. */
  readonly path: string;
  /** The path's segments; those in braces bind a field. */
  readonly segments: readonly string[];
  readonly body: string;
  readonly bodyField: DescField | undefined;
  readonly responseBody: string;
  readonly responseField: DescField | undefined;
  /** Writes an answer as JSON. */
  write(answer: object): JsonText;
  /** What the contract says of the method's REST beside the path. */
  readonly shape: MethodShape | undefined;
}

/** A route that fits a request, with what its path says. */
export interface Match {
  readonly route: Route;
  readonly params: ReadonlyMap<string, string>;
}

/** Finds the route of a request. */
export interface Router {
  readonly routes: readonly Route[];
  match(verb: string, path: string): Match | undefined;
  /** The verbs that a path takes; empty for an unknown path. */
  verbs(path: string): string[];
}

/** What a route leads to: calls that are answered once, or by a stream. Both may have the same address. */
export type RouteKind = "unary" | "server_streaming" | "client_streaming";

/** Makes a router of the bindings of services. A literal segment goes before one that binds a field. */
export function createRouter(services: readonly DescService[], kinds: readonly RouteKind[] = ["unary"]): Router {
  const routes = services
    .flatMap(({ methods }) =>
      methods.filter(({ methodKind }) => kinds.some((kind) => kind === methodKind)).flatMap(routesOf),
    )
    .sort((a, b) => variables(a) - variables(b));
  const literal = new Map<string, Route>();
  for (const route of routes)
    if (variables(route) === 0) literal.set(`${route.verb} ${route.segments.join("/")}`, route);
  const patterns = routes.filter((route) => variables(route) > 0);
  return {
    routes,
    match(verb, path) {
      const found = literal.get(`${verb} ${path.slice(1)}`);
      if (found) return { route: found, params: new Map() };
      const segments = path.slice(1).split("/");
      for (const route of patterns) {
        const params = route.verb === verb ? bind(route, segments) : undefined;
        if (params) return { route, params };
      }
      return undefined;
    },
    verbs(path) {
      const segments = path.slice(1).split("/");
      const fit = routes.filter((route) => bind(route, segments));
      return [...new Set(fit.map(({ verb }) => verb))];
    },
  };
}

const variables = ({ segments }: Route) => segments.filter((segment) => segment.startsWith("{")).length;

function bind({ segments }: Route, actual: readonly string[]): Map<string, string> | undefined {
  if (segments.length !== actual.length) return undefined;
  const params = new Map<string, string>();
  for (const [at, segment] of segments.entries()) {
    const text = actual[at]!;
    if (!segment.startsWith("{")) {
      if (segment !== text) return undefined;
    } else {
      const decoded = decodeSegment(text);
      if (!decoded) return undefined;
      params.set(segment.slice(1, -1), decoded);
    }
  }
  return params;
}

function decodeSegment(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function routesOf(method: DescMethod): Route[] {
  if (!hasOption(method, http)) return [];
  const rule = getOption(method, http);
  return [rule, ...rule.additionalBindings].map((one) => compile(method, one));
}

/** Makes what writes answers once there is one to be written: few of all calls are made in a process's life. */
function onFirstAnswer(make: () => (answer: object) => JsonText): (answer: object) => JsonText {
  let write: ((answer: object) => JsonText) | undefined;
  return (answer) => (write ??= make())(answer);
}

function compile(method: DescMethod, { pattern, body, responseBody }: HttpRule): Route {
  if (pattern.case === undefined || pattern.case === "custom")
    throw new Error(`${method.name}: google.api.http needs a verb`);
  const named = (desc: DescMessage, name: string) =>
    name ? desc.fields.find((field) => field.name === name) : undefined;
  const responseField = named(method.output, responseBody);
  return {
    method,
    verb: pattern.case.toUpperCase(),
    path: pattern.value,
    segments: pattern.value.slice(1).split("/"),
    body,
    bodyField: named(method.input, body),
    responseBody,
    responseField,
    write: onFirstAnswer(() => (responseField ? fieldTextOf(responseField) : textOf(method.output))),
    shape: hasOption(method, methodOption) ? getOption(method, methodOption) : undefined,
  };
}
