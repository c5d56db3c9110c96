// The package `oidc-provider` alone, with its store in memory: what a provider of OAuth 2.0 on this machine is measured against.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [id, secret, port] = process.argv.slice(2) as [string, string, string];
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: id,
      client_secret: secret,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    },
  ],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
});
createServer(provider.callback()).listen(Number(port), "127.0.0.1");
