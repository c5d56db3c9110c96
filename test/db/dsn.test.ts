import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDsn, type ServerDsn } from "../../src/db/dsn.ts";

test("SQLite is named by a path, or is in memory", () => {
  assert.deepEqual(parseDsn("memory"), { dialect: "sqlite" });
  assert.deepEqual(parseDsn("sqlite://file::memory:?_fk=true&cache=shared"), { dialect: "sqlite" });
  assert.deepEqual(parseDsn("sqlite://x.sqlite?_fk=true&mode=memory"), { dialect: "sqlite" });
  assert.deepEqual(parseDsn("sqlite:///var/lib/o.sqlite?_fk=true"), { dialect: "sqlite", path: "/var/lib/o.sqlite" });
  assert.deepEqual(parseDsn("sqlite://o.sqlite"), { dialect: "sqlite", path: "o.sqlite" });
});

test("a server is named as a URL", () => {
  const dsn = parseDsn(
    "postgres://ada:p%40ss@db.example:5433/idp?sslmode=disable&max_conns=20&max_idle_conns=4&max_conn_lifetime=1h30m",
  );
  assert.deepEqual(dsn, {
    dialect: "postgresql",
    host: "db.example",
    port: 5433,
    user: "ada",
    password: "p@ss",
    database: "idp",
    cockroach: false,
    tls: "off",
    pool: { max: 20, maxIdle: 4, lifetimeMs: 5_400_000, idleMs: 60_000 },
  });
  const cockroach = parseDsn("cockroach://root@[::1]/defaultdb") as ServerDsn;
  assert.deepEqual(
    [cockroach.dialect, cockroach.cockroach, cockroach.host, cockroach.port, cockroach.tls],
    ["postgresql", true, "::1", 26257, "prefer"],
  );
  assert.equal((parseDsn("postgres:///idp?host=/run/postgresql") as ServerDsn).socket, "/run/postgresql");
});

test("MySQL is named in Go's form or as a URL", () => {
  const go = parseDsn("mysql://ada:p@ss:%w/ord@tcp(db.example:3307)/idp?parseTime=true") as ServerDsn;
  assert.deepEqual(
    [go.host, go.port, go.user, go.password, go.database],
    ["db.example", 3307, "ada", "p@ss:%w/ord", "idp"],
  );
  const url = parseDsn("mysql://ada:p%40ss@db.example/idp?tls=true") as ServerDsn;
  assert.deepEqual(
    [url.host, url.port, url.password, url.tls],
    ["db.example", 3306, "p@ss", { rejectUnauthorized: true }],
  );
  assert.equal((parseDsn("mysql://ada@unix(/run/mysqld.sock)/idp") as ServerDsn).socket, "/run/mysqld.sock");
});

test("sslmode decides what is verified", () => {
  const tls = (mode: string) => (parseDsn(`postgres://a@h/d?sslmode=${mode}`) as ServerDsn).tls as object;
  assert.partialDeepStrictEqual(tls("require"), { rejectUnauthorized: false });
  assert.partialDeepStrictEqual(tls("verify-ca"), { rejectUnauthorized: true });
  assert.equal("checkServerIdentity" in tls("verify-full"), false);
});

test("what cannot be read is refused without showing it", () => {
  assert.throws(
    () => parseDsn("oracle://ada:secret@h/d"),
    (error: Error) => !error.message.includes("secret"),
  );
  assert.throws(() => parseDsn("postgres://a@h/d?sslmode=odd"), /sslmode/);
  assert.throws(() => parseDsn("postgres://a@h/d?max_conn_lifetime=soon"), /duration/);
  for (const at of ["h:abc", "h:", "h:543210", "h1:1,h2:2", "h1,h2", "[::1", "::1"]) {
    const read = () => parseDsn(`postgres://ada:secret@${at}/d`) as ServerDsn;
    if (at === "h:") assert.equal(read().port, 5432);
    else
      assert.throws(
        read,
        (error: Error) => /host and a port/.test(error.message) && !error.message.includes("secret"),
        at,
      );
  }
});

test("limits of connections that are no numbers count as not said", () => {
  for (const written of ["abc", "-1", "1.5", "0x10", "1e9", ""]) {
    const { pool } = parseDsn(`mysql://a@h/d?max_conns=${written}&max_idle_conns=${written}`) as ServerDsn;
    assert.deepEqual([pool.max, pool.maxIdle], [16, 4], written);
  }
});
