import { totalmem } from "node:os";
import { choiceOr, durationOr, list, open, ruled, section, size, text, whole, wholeIfSet } from "../setting.ts";

const secret = text("A secret.", { minLength: 16 });

/** Secrets. */
export const secrets = section("Secrets, newest first: the first one signs, all of them verify.", {
  default: list("For everything that has no secrets of its own.", secret, { unique: true }),
  cookie: list("For cookies and tokens that are derived, not stored.", secret, { unique: true }),
  pagination: list("For page tokens.", secret),
  cipher: list("For what is stored encrypted; 32 characters each.", text("A key.", { minLength: 32, maxLength: 32 })),
});

/** How passwords are hashed. */
export const hashers = section("How passwords are hashed.", {
  algorithm: choiceOr(["argon2", "bcrypt"], "bcrypt", "What new passwords are hashed with."),
  argon2: section("Argon2id.", {
    memory: ruled(size("128MB", "Memory per hash; at least 8KB are used for each lane."), (bytes) =>
      bytes > totalmem() ? "is more memory than this machine has" : undefined,
    ),
    iterations: whole(1, "Passes over the memory.", { min: 1, max: 2 ** 32 - 1 }),
    parallelism: wholeIfSet("Lanes; not set: two per core.", { min: 1, max: 255 }),
    salt_length: whole(16, "Bytes of salt.", { min: 16, max: 1024 }),
    key_length: whole(32, "Bytes of hash.", { min: 16, max: 1024 }),
    expected_duration: durationOr("500ms", "How long a hash should take at least, by `hashers argon2 calibrate`."),
    expected_deviation: durationOr("500ms", "How much longer it may take, by `hashers argon2 calibrate`."),
    dedicated_memory: size("1GB", "Memory for all hashes at a time, by `hashers argon2 calibrate`."),
  }),
  bcrypt: section("bcrypt, of which only the first 72 bytes of a password count.", {
    cost: whole(12, "Rounds, as a power of two.", { min: 4, max: 31 }),
  }),
});

/** How stored secrets are encrypted. */
export const ciphers = open(
  section("How stored secrets are encrypted.", {
    algorithm: choiceOr(["noop", "aes", "xchacha20-poly1305"], "noop", "The cipher; `noop` encrypts nothing."),
  }),
);
