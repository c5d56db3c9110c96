import type { MethodsConfig } from "../../config/methods-config.ts";
import type { Context } from "../../context.ts";
import type { Identifiers } from "../../schema/identifiers.ts";
import type { GuessableFactor } from "../../throttle/second-factor-guess.ts";
import type { CredentialRow } from "../rows.ts";

/** What a credential stores. Its kind alone knows the shape. */
export type CredentialConfig = Record<string, unknown>;

/** A credential, as far as it says what it can prove. */
export type CredentialContent = Pick<CredentialRow, "type" | "config" | "identifiers">;

/** What a credential is good for at sign-in. */
export interface Factor {
  /** Whether a credential can serve so: it is set up, and has a name where sign-in asks for one. */
  holds(credential: CredentialContent): boolean;
  /** The ways by which a credential can serve so, where the configuration may allow one and not another. */
  ways?(credential: CredentialContent): readonly string[];
  /** Whether the configuration lets such credentials serve so, by this way if there are several. */
  offered(methods: MethodsConfig, way?: string): boolean;
  /** Nobody has set it up: it comes along with the traits. */
  readonly comesAlong?: boolean;
}

/** From where the names come by which a credential is found. */
export type Naming =
  | {
      /** They go along with the traits, and stay taken while the credential is not set up. */
      readonly from: "traits";
      names(named: Identifiers): readonly string[];
      /** What the credential stores of the traits beside its names. */
      stores?(named: Identifiers): CredentialConfig;
    }
  /** An account elsewhere, which only its provider can show to be somebody's. */
  | { readonly from: "provider" };

/** What becomes of the secrets of a credential on their way into the database, or out of it. */
export interface Sealer {
  seal(secret: string): string;
  /** Whether this has been sealed already. */
  isSealed(stored: string): boolean;
  /** By which a secret is known again without being opened. */
  mac(secret: string): string;
}

/** How a credential is stored whose method has to read its secrets back, and a thief of the database must not. */
export interface Secrets {
  sealed(config: CredentialConfig, sealer: Sealer): CredentialConfig;
  opened(config: CredentialConfig, open: (sealed: string) => string): CredentialConfig;
}

/** Whom a credential is brought along for. */
export interface ImportOwner {
  readonly identityId: string;
  /** The credential of this kind that there is. */
  readonly before?: CredentialRow | undefined;
}

/** What for credentials are looked at that somebody brings along. */
export interface ImportPurpose {
  /** Whether nothing is stored. */
  readonly judgeOnly: boolean;
}

/** What an administrator may bring along from elsewhere, in the shape that the contract gives it. */
export interface Importing<Given> {
  /** Judges what is given, and does what takes long, unless it is judged alone: no lock is held. */
  accept?(ctx: Context, given: Given, purpose: ImportPurpose): Promise<Given>;
  /** What to store for it; undefined for nothing. */
  store(
    given: Given,
    owner: ImportOwner,
  ): { readonly identifiers: readonly string[]; readonly config: CredentialConfig } | undefined;
}

/** What an administrator's removal leaves of a credential; undefined where nothing is left. It may refuse. */
export type Remove = (
  credential: CredentialRow,
  identifier: string,
) => Pick<CredentialRow, "config" | "identifiers"> | undefined;

/**
 * What a kind of credential means to the account that has one. What is left out does not apply to it.
 *
 * @example
 * export const pin: CredentialKind = {
 *   second: { holds: ({ config }) => typeof config["hash"] === "string", offered: (methods) => methods.pin.enabled },
 *   remove: () => undefined,
 * };
 */
export interface CredentialKind<Given = unknown> {
  /** Proves who somebody is. */
  readonly first?: Factor;
  /** Adds to what has been proved. */
  readonly second?: Factor;
  /** Whether it can be guessed as a second factor, and how often. Failures in a row end as soon as any second factor is proved. */
  readonly guessable?: GuessableFactor;
  readonly naming?: Naming;
  /** The version of the shape that it is stored in, as Kratos counts: 1 unless said otherwise. */
  readonly version?: number;
  readonly secrets?: Secrets;
  readonly importing?: Importing<Given>;
  /** Refuses what an administrator's patch must not leave: what would fail, or let anybody in, only at sign-in. */
  judge?(config: CredentialConfig): void | Promise<void>;
  /** Left out where administrators remove none. */
  readonly remove?: Remove;
  /** What goes along with a change of what it stores, in the same transaction. */
  changed?(tx: Context, credential: CredentialRow): Promise<void>;
  /** The ids (base64) of the keys of authenticators that it holds: each belongs to one credential. */
  keyIds?(config: CredentialConfig): readonly string[];
}
