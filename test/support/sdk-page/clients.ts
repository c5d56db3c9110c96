import { createConnectTransport } from "@connectrpc/connect-web";
import { createPublicClients } from "@ostiary/sdk";

/** The clients of a page in a browser: cookies say who its visitor is. */
export const clients = createPublicClients(
  createConnectTransport({
    baseUrl: "http://id.example.localhost",
    fetch: (input, init) => fetch(input, { ...init, credentials: "include" }),
  }),
);
