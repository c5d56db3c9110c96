import { createConnectTransport } from "@connectrpc/connect-web";
import { createPublicClients } from "@ostiary/sdk";

/** Clients whose calls carry the cookies of the server. */
export const { login, logout, session } = createPublicClients(
  createConnectTransport({
    baseUrl: OSTIARY_URL,
    fetch: (input, init) => fetch(input, { ...init, credentials: "include" }),
  }),
);

/** The inputs of a form, by their names. */
export const inputsOf = (flow) =>
  flow.ui.nodes.flatMap(({ attributes, messages, meta }) =>
    attributes.nodeType.case === "input" ? [{ ...attributes.nodeType.value, messages, label: meta?.label?.text }] : [],
  );

/** The token that a submission repeats, so that no other site can make it. */
export function csrfTokenOf(flow) {
  const kind = inputsOf(flow).find(({ name }) => name === "csrf_token")?.value?.kind;
  return kind?.case === "stringValue" ? kind.value : "";
}
