import type { Context } from "../context.ts";
import { sealConfig } from "./credential-seal.ts";
import type { CredentialInput } from "./credentials.ts";
import { credentialKinds } from "./kinds/index.ts";
import type { ImportPurpose } from "./kinds/kind.ts";
import type { CredentialRow } from "./rows.ts";

/** Credentials as an administrator brings them along from elsewhere, by their type. Each kind knows its shape. */
export type CredentialImports = Readonly<Record<string, unknown>>;

/** Judges credentials brought along, and hashes what is to be hashed, unless they are judged alone. Takes as long as hashing takes. */
export async function acceptImports(
  ctx: Context,
  imports: CredentialImports,
  purpose: ImportPurpose = { judgeOnly: false },
): Promise<CredentialImports> {
  const accepted: Record<string, unknown> = { ...imports };
  for (const [type, { importing }] of credentialKinds)
    if (imports[type] && importing?.accept) accepted[type] = await importing.accept(ctx, imports[type], purpose);
  return accepted;
}

/** The credentials to store for those brought along, once `acceptImports` has seen them. What is read back is sealed. */
export function importCredentials(
  ctx: Context,
  identityId: string,
  imports: CredentialImports,
  existing: readonly CredentialRow[] = [],
): CredentialInput[] {
  return credentialKinds.flatMap(([type, { importing }]) => {
    if (!imports[type]) return [];
    const stored = importing?.store(imports[type], {
      identityId,
      before: existing.find((credential) => credential.type === type),
    });
    return stored
      ? [{ type, identifiers: stored.identifiers, config: sealConfig(ctx.config, type, stored.config) }]
      : [];
  });
}
