import type { CredentialType } from "../kinds/index.ts";

/** A moment of an account that it can be found and ordered by. */
export type MomentColumn = "createdAt" | "updatedAt" | "lastSignInAt";

/** A word of an account that it can be found by. */
export type WordColumn = "id" | "state" | "schemaId" | "organizationId" | "externalId";

/** How two values compare. */
export type Ordering = "=" | "<" | "<=" | ">" | ">=";

/** What is asked of one account: a filter whose fields and values are known to make sense. All of these are true or false. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  | { readonly kind: "word"; readonly column: WordColumn; readonly value: string }
  | { readonly kind: "present"; readonly column: "organizationId" | "externalId" | "lastSignInAt" }
  | { readonly kind: "moment"; readonly column: MomentColumn; readonly ordering: Ordering; readonly ms: number }
  /** Whether an address of it is verified. */
  | { readonly kind: "verified" }
  /** Whether it has set up a credential of a type. */
  | { readonly kind: "factor"; readonly type: CredentialType }
  /** Whether it is found at sign-in by a name, or by one that begins so; in the form that is stored. */
  | { readonly kind: "identifier"; readonly name: string; readonly begins: boolean }
  | TraitCondition;

/** What is asked of a trait, or of any element of one that is a list. */
export type TraitCondition = {
  readonly kind: "trait";
  readonly path: readonly string[];
} & (
  | { readonly test: "equals"; readonly value: string | number | boolean }
  | { readonly test: "begins"; readonly value: string }
  | { readonly test: "compares"; readonly ordering: Exclude<Ordering, "=">; readonly value: number }
  | { readonly test: "present" }
);
