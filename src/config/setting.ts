/** One place in the configuration: what may stand there, and what it yields once read. */
export interface Setting<out T = unknown> {
  /** One sentence for the reference. */
  readonly about: string;
  readonly shape: Shape;
  /** What holds where nothing is written, in the notation of the file. */
  readonly fallback?: unknown;
  readonly required?: boolean;
  /** Accepted, but not yet in effect: named in the log where it is written. */
  readonly later?: boolean;
  readonly deprecated?: boolean;
  /** A rule over the finished value: says what is wrong. */
  readonly rule?: (value: never) => string | undefined;
  /** The same for what is let pass, but hardly meant. */
  readonly hint?: (value: never) => string | undefined;
  /** Only a type: what a reader gets. */
  readonly yields?: T;
}

/** What may stand in a place. */
export type Shape =
  | SectionShape
  | ({ readonly kind: "text" } & TextLimits)
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "flag" }
  | {
      readonly kind: "whole";
      readonly min?: number;
      readonly max?: number;
      /** What may stand in the place of a number. */
      readonly word?: string;
    }
  | { readonly kind: "fraction" }
  | { readonly kind: "duration" }
  | { readonly kind: "size" }
  | { readonly kind: "list"; readonly item: Setting; readonly min?: number; readonly unique?: boolean }
  | { readonly kind: "table"; readonly value: Setting }
  | { readonly kind: "variant"; readonly by: string; readonly arms: Readonly<Record<string, Setting>> }
  | { readonly kind: "anything" };

/** An object with known keys. */
export interface SectionShape {
  readonly kind: "section";
  readonly keys: Readonly<Record<string, Setting>>;
  readonly optional?: boolean;
  /** Takes keys that nobody knows, as Kratos does in this place: they do nothing, and are told. */
  readonly open?: boolean;
}

/** What a text must look like. */
export interface TextLimits {
  readonly pattern?: RegExp;
  /** What no pattern can tell. */
  readonly fits?: (value: string) => boolean;
  /** What is asked for, in words. */
  readonly expected?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** `true` and `false` may be written without quotes. */
  readonly lenient?: boolean;
}

type Keys = Readonly<Record<string, Setting>>;

/** What a reader gets of a setting. */
export type Yielded<S extends Setting> = S extends Setting<infer T> ? T : never;

/** One object of what was put together, as it reads best. */
type Flat<T> = { readonly [N in keyof T]: T[N] };

/** What may be undefined is left out where it is not set. */
type Section<K extends Keys> = Flat<
  { readonly [N in keyof K as undefined extends Yielded<K[N]> ? never : N]: Yielded<K[N]> } & {
    readonly [N in keyof K as undefined extends Yielded<K[N]> ? N : never]?: Yielded<K[N]>;
  }
>;

/** What a reader gets of an object whose form depends on a key: each arm with that key. */
export type Variant<B extends string, A extends Keys> = {
  [N in keyof A]: Flat<{ readonly [K in B]: N } & Yielded<A[N]>>;
}[keyof A];

/**
 * An object whose defaults are filled in even where it is not written.
 *
 * @example
 * const apps = section("How authenticator apps are used.", {
 *   enabled: flag(false, "Whether this method is offered."),
 *   issuer: text("The name that apps show."),
 * });
 */
export const section = <K extends Keys>(about: string, keys: K): Setting<Section<K>> => ({
  about,
  shape: { kind: "section", keys },
});

/** An object that is there only if it is written. */
export const optionalSection = <K extends Keys>(about: string, keys: K): Setting<Section<K> | undefined> => ({
  about,
  shape: { kind: "section", keys, optional: true },
});

/** With keys that nobody knows, which do nothing. */
export const open = <T>(setting: Setting<T>): Setting<T> => ({
  ...setting,
  shape: { ...(setting.shape as SectionShape), open: true },
});

/** A text that need not be there. */
export const text = (about: string, limits: TextLimits = {}): Setting<string | undefined> => ({
  about,
  shape: { kind: "text", ...limits },
});

/** A text with a default. */
export const textOr = (fallback: string, about: string, limits: TextLimits = {}): Setting<string> => ({
  about,
  shape: { kind: "text", ...limits },
  fallback,
});

/** One of a few words, which need not be there. */
export const choice = <const V extends string>(values: readonly V[], about: string): Setting<V | undefined> => ({
  about,
  shape: { kind: "choice", values },
});

/** One of a few words, with a default. */
export const choiceOr = <const V extends string>(values: readonly V[], fallback: V, about: string): Setting<V> => ({
  about,
  shape: { kind: "choice", values },
  fallback,
});

/** Yes or no. */
export const flag = (fallback: boolean, about: string): Setting<boolean> => ({
  about,
  shape: { kind: "flag" },
  fallback,
});

/** Yes or no, which need not be said. */
export const flagIfSet = (about: string): Setting<boolean | undefined> => ({ about, shape: { kind: "flag" } });

/** A whole number. */
export const whole = (
  fallback: number,
  about: string,
  limits: { min?: number; max?: number } = {},
): Setting<number> => ({ about, shape: { kind: "whole", ...limits }, fallback });

/** A whole number that need not be there. */
export const wholeIfSet = (
  about: string,
  limits: { min?: number; max?: number } = {},
): Setting<number | undefined> => ({
  about,
  shape: { kind: "whole", ...limits },
});

/** A whole number or a word in its place, which need not be there. */
export const wholeOrWord = <const W extends string>(
  word: W,
  about: string,
  limits: { min?: number; max?: number } = {},
): Setting<number | W | undefined> => ({
  about,
  shape: { kind: "whole", word, ...limits },
});

/** A number from 0 to 1. */
export const fractionOr = (fallback: number, about: string): Setting<number> => ({
  about,
  shape: { kind: "fraction" },
  fallback,
});

/** A duration that need not be there; read as milliseconds. */
export const duration = (about: string): Setting<number | undefined> => ({ about, shape: { kind: "duration" } });

/** A duration with a default; read as milliseconds. */
export const durationOr = (fallback: string, about: string): Setting<number> => ({
  about,
  shape: { kind: "duration" },
  fallback,
});

/** A memory size; read as bytes. */
export const size = (fallback: string, about: string): Setting<number> => ({
  about,
  shape: { kind: "size" },
  fallback,
});

/** A list. */
export const list = <T>(
  about: string,
  item: Setting<T>,
  limits: { min?: number; unique?: boolean; fallback?: readonly string[] } = {},
): Setting<readonly Exclude<T, undefined>[]> => {
  const { fallback = [], ...rest } = limits;
  return { about, shape: { kind: "list", item, ...rest }, fallback };
};

/** An object with keys of the operator's choice. */
export const table = <T>(
  about: string,
  value: Setting<T>,
): Setting<Readonly<Record<string, Exclude<T, undefined>>>> => ({
  about,
  shape: { kind: "table", value },
  fallback: {},
});

/** An object whose form depends on one of its keys. */
export const variant = <B extends string, A extends Keys>(
  about: string,
  by: B,
  arms: A,
): Setting<Variant<B, A> | undefined> => ({
  about,
  shape: { kind: "variant", by, arms },
});

/** Anything at all; read as it is written. */
export const anything = <T = unknown>(about: string): Setting<T | undefined> => ({
  about,
  shape: { kind: "anything" },
});

/** Must be written. */
export const required = <T>(setting: Setting<T>): Setting<Exclude<T, undefined>> =>
  ({ ...setting, required: true }) as Setting<Exclude<T, undefined>>;

/** Accepted, but not yet in effect. */
export const later = <T>(setting: Setting<T>): Setting<T> => ({ ...setting, later: true });

/** Still read, but there is something better. */
export const deprecated = <T>(setting: Setting<T>): Setting<T> => ({ ...setting, deprecated: true });

/** With a rule over the finished value. */
export const ruled = <T>(setting: Setting<T>, rule: (value: Exclude<T, undefined>) => string | undefined): Setting<T> =>
  ({ ...setting, rule }) as Setting<T>;

/** With a hint over the finished value: what it says is told, and stops nothing. */
export const hinted = <T>(
  setting: Setting<T>,
  hint: (value: Exclude<T, undefined>) => string | undefined,
): Setting<T> => ({ ...setting, hint }) as Setting<T>;

/** A hint for texts that are not what is expected in a place, and what comes of it. */
export const unlessFit =
  ({ pattern, fits, expected }: TextLimits, outcome: string) =>
  (value: string): string | undefined =>
    (pattern?.test(value) ?? true) && (fits?.(value) ?? true) ? undefined : `should be ${expected}: ${outcome}`;
