// Hashes passwords and nothing else, for some seconds: what a login cannot be faster than. Prints its figures as JSON, or writes them to a file.
import { writeFileSync } from "node:fs";
import { createHash } from "../src/crypto/hash.ts";
import { measure } from "./figures.ts";
import { load } from "./load.ts";

const argon2 = { memory: 19_000_000, iterations: 2, parallelism: 1, salt_length: 16, key_length: 32 };
const hash = () => createHash("correct horse battery", { algorithm: "argon2", argon2 } as never);

await hash();
const [, , seconds, file] = process.argv;
const figures = JSON.stringify(await measure(process.pid, () => load(hash, Number(seconds), 8)));
if (file) writeFileSync(file, figures);
else console.log(figures);
