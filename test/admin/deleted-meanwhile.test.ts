import assert from "node:assert/strict";
import { begin, password, signedIn } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";

onEachDatabase(
  "whoever is deleted while something is written for them is told to try again, or that they are nobody",
  async (server) => {
    const statuses: number[] = [];
    for (let round = 0; round < 10; round++) {
      const { id, email, headers } = await signedIn(server, `p${round}@example.org`);
      const login = await begin(server, "login", {});
      const settings = await begin(server, "settings", headers);
      const answers = [
        ...Array.from({ length: 4 }, () => server.native.get("/self-service/settings/api", { headers })),
        server.native.post(login.ui.action, { method: "password", identifier: email, password }),
        server.admin("DELETE", `/admin/identities/${id}`),
        ...Array.from({ length: 4 }, () => server.native.get("/self-service/settings/api", { headers })),
        server.native.post(
          settings.ui.action,
          { method: "profile", traits: { email, name: { first: "Ada" } } },
          { headers },
        ),
        server.native.get("/self-service/login/api?refresh=true", { headers }),
      ];
      statuses.push(...(await Promise.all(answers)).map(({ status }) => status));
    }
    assert.ok(
      statuses.every((status) => status < 500),
      String(statuses),
    );
  },
);
