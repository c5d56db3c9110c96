// Hashes passwords and nothing else, for some seconds: what a login cannot be faster than. Prints its figures as JSON.
import { createHash } from "../src/crypto/hash.ts";
import { measure } from "./figures.ts";
import { load } from "./load.ts";

const argon2 = { memory: 19_000_000, iterations: 2, parallelism: 1, salt_length: 16, key_length: 32 };
const hash = () => createHash("correct horse battery", { algorithm: "argon2", argon2 } as never);

await hash();
console.log(JSON.stringify(await measure(process.pid, () => load(hash, Number(process.argv[2]), 8))));
