import type { Config } from "../../src/config/config.ts";
import type { Context } from "../../src/context.ts";
import { setClock } from "../../src/db/columns.ts";
import type { Database } from "../../src/db/database.ts";
import { silentLog } from "./log.ts";

/** A request as far as the courier looks at it. */
export function courierContext(db: Database, config: Config, headers: Record<string, string> = {}, now: () => Date = () => new Date()): Context {
  const em = db.orm.em.fork() as Context["em"];
  setClock(em, now);
  return {
    em,
    db,
    config,
    log: silentLog,
    now,
    fetch: globalThis.fetch,
    call: {
      protocol: "rest",
      headers: new Headers(headers),
      url: "http://id.example.org/",
      peer: "127.0.0.1",
      method: "POST", navigates: false,
      peeks: false,
      texts: [],
      reply: { headers: new Headers() },
    },
  };
}
