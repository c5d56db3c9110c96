import assert from "node:assert/strict";
import type { Answer, Json } from "../support/client.ts";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";
import { make, made, members } from "./members.ts";

const list = (server: TestServer, query: string) => server.adminClient.get(`/admin/identities${query && `?${query}`}`);
const namesOf = ({ body }: Answer): string[] => body.map(({ traits }: Json) => traits.name ?? traits.email);
const nextOf = ({ headers }: Answer) =>
  /<[^>]*\/admin\/identities\?([^>]*)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
const encode = encodeURIComponent;

onEachDatabase(
  "a name finds its account, whatever letters it is of, and no other one that a collation takes for the same",
  async (server) => {
    const names = [
      "straße",
      "strasse",
      "dž",
      "jürgen",
      "jurgen",
      "jürgen2",
      "fix",
      "a_b",
      "axb",
      "a%b",
      "a!b",
      "日本",
      "😀",
      "ı",
      "i",
      "o'neil",
      "back\\slash",
      'quote"d',
    ];
    for (const name of names) await made(server, { name });
    // Letters that people cannot tell apart are the same (NFKC), as upper and lower case are.
    for (const same of ["ǆ", "ﬁx", "FIX", "Ju\u0308rgen", " fix "])
      assert.equal((await make(server, { name: same })).status, 409, same);
    for (const name of names) {
      assert.deepEqual(namesOf(await list(server, `credentials_identifier=${encode(name)}`)), [name]);
      assert.ok(
        namesOf(await list(server, `preview_credentials_identifier_similar=${encode(name)}`)).includes(name),
        name,
      );
    }
    assert.deepEqual(
      namesOf(await list(server, `credentials_identifier=${encode(" JÜRGEN ")}`)),
      ["jürgen"],
      "as people type it",
    );
    for (const [beginning, found] of [
      ["a_", ["a_b"]],
      ["a%", ["a%b"]],
      ["a!", ["a!b"]],
      ["%", []],
      ["_", []],
      ["back\\", ["back\\slash"]],
      ["jürgen", ["jürgen", "jürgen2"]],
    ] as const)
      assert.deepEqual(
        namesOf(await list(server, `preview_credentials_identifier_similar=${encode(beginning)}`)).toSorted(),
        [...found],
        beginning,
      );
    for (const none of ["'", "' or 1=1 --", "straße%", "\u0301"])
      assert.deepEqual(namesOf(await list(server, `credentials_identifier=${encode(none)}`)), [], none);
  },
  members,
);

onEachDatabase(
  "every filter is paged, by token and by number, and each account is shown once",
  async (server) => {
    const organization = "0190b3a0-0000-7000-8000-0000000000aa";
    const ids: string[] = [];
    for (let at = 0; at < 7; at++)
      ids.push(
        (
          await made(
            server,
            { name: `team-${at}`, email: `team-${at}@example.org` },
            { organization_id: at % 2 ? organization : undefined },
          )
        ).id,
      );
    await made(server, { name: "else" });
    const filters: readonly [string, string[]][] = [
      ["", [...ids.map((_, at) => `team-${at}`), "else"]],
      [
        ids
          .slice(1, 6)
          .map((id) => `ids=${id}`)
          .join("&"),
        ["team-1", "team-2", "team-3", "team-4", "team-5"],
      ],
      ["preview_credentials_identifier_similar=team-", ids.map((_, at) => `team-${at}`)],
      [`organization_id=${organization}`, ["team-1", "team-3", "team-5"]],
    ];
    for (const [filter, wanted] of filters) {
      const seen: string[] = [];
      for (let query: string | undefined = `${filter}&page_size=2`; query !== undefined;) {
        const page = await list(server, query);
        assert.equal(page.status, 200, JSON.stringify(page.body));
        assert.ok(page.body.length <= 2);
        seen.push(...namesOf(page));
        query = nextOf(page);
      }
      assert.deepEqual(seen, wanted, filter);
      const numbered = await Promise.all(
        [0, 1, 2, 3, 4].map((page) => list(server, `${filter}&page=${page}&per_page=2`)),
      );
      assert.deepEqual(numbered.flatMap(namesOf), wanted, filter);
      for (const { headers } of numbered) assert.equal(headers.get("x-total-count"), String(wanted.length), filter);
    }
  },
  members,
);

onEachDatabase(
  "a list shows credentials where they are asked for, and what they hide nowhere",
  async (server) => {
    const { id } = await made(
      server,
      { email: "ada@example.org" },
      {
        credentials: {
          password: { config: { password: "a long good password" } },
          totp: { config: { totp_url: "otpauth://totp/ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" } },
        },
      },
    );
    const [plain] = (await list(server, "")).body;
    assert.equal(plain.credentials, undefined);
    const [shown] = (await list(server, "include_credential=totp")).body;
    assert.deepEqual([shown.id, Object.keys(shown.credentials).toSorted()], [id, ["password", "totp"]]);
    assert.match(shown.credentials.totp.config.totp_url, /^otpauth:/);
    assert.equal(shown.credentials.password.config, undefined);
    const [hashed] = (await list(server, "include_credential=password")).body;
    assert.match(hashed.credentials.password.config.hashed_password, /^\$argon2id\$/);
    assert.equal(hashed.credentials.totp.config, undefined);
  },
  members,
);

onEachDatabase(
  "an id that is nobody's, is there twice, or is written large changes nothing of the others",
  async (server) => {
    const { id } = await made(server, { name: "ada" });
    const nobody = "0190b3a0-0000-7000-8000-0000000000ff";
    assert.deepEqual(namesOf(await list(server, `ids=${id}&ids=${nobody}`)), ["ada"]);
    assert.deepEqual(namesOf(await list(server, `ids=${id}&ids=${id}&ids=${id.toUpperCase()}`)), ["ada"]);
    assert.deepEqual((await list(server, `ids=${nobody}`)).body, []);
    assert.equal((await list(server, Array.from({ length: 501 }, () => `ids=${id}`).join("&"))).status, 400);
  },
  members,
);
