import { MikroORM as Mysql } from "@mikro-orm/mysql";
import { MikroORM as Postgresql } from "@mikro-orm/postgresql";
import { MikroORM as Sqlite } from "@mikro-orm/sqlite";
import { parseDsn } from "../../src/db/dsn.ts";
import { entities } from "../../src/orm.ts";

/** Makes the tables in an empty database that the mapper would make of the entities. */
export async function createTablesOfEntities(dsn: string): Promise<void> {
  const orm = mapperOf(dsn);
  try {
    await orm.schema.create();
  } finally {
    await orm.close();
  }
}

function mapperOf(dsn: string) {
  const target = parseDsn(dsn);
  const tables = { entities: [...entities], colors: false };
  if (target.dialect === "sqlite") return new Sqlite({ ...tables, dbName: target.path! });
  const { host, port, socket, user, password, database: dbName } = target;
  const place = { dbName, user, password, host: socket ?? host, port };
  return target.dialect === "postgresql" ? new Postgresql({ ...tables, ...place }) : new Mysql({ ...tables, ...place });
}
