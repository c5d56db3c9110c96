import type { Context } from "../../context.ts";
import { schemasOf } from "../../schema/schemas.ts";
import type { IdentitySchema } from "../../schema/identity-schema.ts";

/** The ids of the schemas in which a trait names people: what it says is a name or an address that an index knows. */
export type NamingTraits = (path: readonly string[]) => readonly string[];

/** Which traits name people, by the schemas of the configuration; those that cannot be read now name nobody. */
export async function namingTraits({ config, log }: Context): Promise<NamingTraits> {
  const schemas = schemasOf({ config, log });
  const known = await Promise.all(
    config.identity.schemas.map(async ({ id }) => schemas.get(id).catch((): undefined => undefined)),
  );
  const read = known.filter((schema) => schema !== undefined);
  return (path) => read.filter((schema) => names(schema, path)).map(({ id }) => id);
}

const names = ({ fields }: IdentitySchema, path: readonly string[]): boolean =>
  fields.some(
    ({ path: own, extension: { password, webauthn, code, verification, recovery } }) =>
      own.length === path.length &&
      own.every((step, at) => step === path[at]) &&
      (password || webauthn || code !== undefined || verification !== undefined || recovery !== undefined),
  );
