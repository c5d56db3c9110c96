import { type Sequence, sequenceOf } from "./random.ts";

const first =
  "Ada Alan Amina Ana Bela Chen Chloe Dario Elif Emeka Farid Fatima Grace Hana Hedy Ines Ivan Jun Kofi Lars Leila Linus Lucia Mai Marco Maria Mei Milan Nadia Niels Noor Olga Omar Paula Priya Radia Rafael Ravi Rosa Sana Sofia Sven Tariq Tim Uma Vera Wei Yara Yusuf Zoe".split(
    " ",
  );
const last =
  "Abebe Almeida Andersson Bauer Bianchi Castro Cohen Dubois Eriksen Fischer Garcia Haddad Hopper Ibrahim Jensen Kaur Khan Kim Kowalski Laurent Lovelace Mensah Moreau Nakamura Nguyen Novak Okafor Oliveira Patel Perlman Petrov Rossi Santos Schmidt Silva Singh Tanaka Torres Turing Vega Weber Yamada Yilmaz Zhang".split(
    " ",
  );

const areas = [202, 212, 303, 312, 404, 415, 512, 617, 702, 808];

/** The password of all made-up people. */
export const seedPassword = "correct horse battery";

/** Somebody made up. */
export interface SeedPerson {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly active: boolean;
  readonly verified: boolean;
  readonly hasPassword: boolean;
  readonly hasTotp: boolean;
  readonly hasBackupCodes: boolean;
  readonly externalId?: string;
  readonly plan: "free" | "team" | "enterprise";
  /** How many days ago they signed up. */
  readonly daysOld: number;
  /** How many days ago each of their sessions began, the longest first. */
  readonly sessions: readonly number[];
  /** Which message they got of late. */
  readonly message?: "verification" | "recovery" | "login";
}

/**
 * So many people, who are the same for the same seed: with names, states, factors, sessions and messages as they come in life.
 *
 * @example
 * const [one] = makeUp(1, 50);
 */
export function makeUp(seed: number, count: number): SeedPerson[] {
  const sequence = sequenceOf(seed);
  return Array.from({ length: count }, (_, at) => somebody(sequence, seed, at));
}

function somebody(sequence: Sequence, seed: number, at: number): SeedPerson {
  const { pick, chance, next } = sequence;
  const [firstName, lastName] = [pick(first), pick(last)];
  const daysOld = 1 + next() * 89;
  const hasPassword = chance(0.94);
  const hasTotp = hasPassword && chance(0.2);
  const message = chance(0.5) ? pick(["verification", "recovery", "login"] as const) : undefined;
  const number = seed * 1000 + at;
  return {
    firstName,
    lastName,
    // A domain that is nobody's (RFC 2606).
    email: `${firstName}.${lastName}.${number}@example.org`.toLowerCase(),
    // Numbers that are set aside for stories: 555-0100 to 555-0199 of each area (NANPA).
    phone: `+1${areas[Math.floor(number / 100) % areas.length]!}55501${String(number % 100).padStart(2, "0")}`,
    active: chance(0.92),
    verified: chance(0.7),
    hasPassword,
    hasTotp,
    hasBackupCodes: hasTotp && chance(0.5),
    ...(chance(0.2) && { externalId: `crm-${number}` }),
    plan: pick(["free", "free", "free", "team", "team", "enterprise"]),
    daysOld,
    sessions: hasPassword
      ? Array.from({ length: Math.floor(next() * 4) }, () => next() * Math.min(daysOld, 20)).toSorted((a, b) => b - a)
      : [],
    ...(message && { message }),
  };
}
