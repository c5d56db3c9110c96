import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { createInterface } from "node:readline/promises";
import { misuse, type Command, type CommandCall } from "./command.ts";
import { configurationFor, schemaFor, type SignInWay, signInWays } from "./init-files.ts";

const files = { configuration: "kratos.yml", schema: "person.schema.json" } as const;
const standard = { name: "My app", "sign-in": "password,passkey", url: "http://localhost:4433/" } as const;
const questions = {
  name: "What is it called?",
  "sign-in": `How do people sign in? ${signInWays.join(", ")}; several divided by commas.`,
  url: "By which address do browsers reach it?",
} as const;

type Question = keyof typeof questions;

/** `ostiary init` */
export const initCommand: Command = {
  name: "init",
  operands: [{ name: "[folder]", summary: "Where to write them. Default: here." }],
  summary: "Asks three questions and writes kratos.yml, with secrets of its own, and an identity schema.",
  options: [
    { name: "name", value: "name", summary: `The name that people read. Default: ${standard.name}.` },
    {
      name: "sign-in",
      value: "ways",
      summary: `How people sign in: ${signInWays.join(", ")}, divided by commas. Default: ${standard["sign-in"]}.`,
    },
    {
      name: "url",
      value: "url",
      summary: `How browsers reach the server. Default: ${standard.url} on this machine.`,
    },
    { name: "database", value: "dsn", summary: "The DSN of the database. Default: a SQLite file in the folder." },
    { name: "yes", short: "y", summary: "Asks nothing, and takes the defaults." },
  ],
  async run(call) {
    const [folder = "."] = call.operands;
    const [configuration, schema] = [join(folder, files.configuration), join(folder, files.schema)];
    for (const file of [configuration, schema])
      if (existsSync(file)) throw new Error(`${file} is there already, and is not overwritten.`);
    const { name, "sign-in": signIn, url } = await answersTo(call);
    const wishes = {
      name: name.trim() || standard.name,
      ways: waysIn(signIn),
      url: addressIn(url),
      database: String(call.flags.database ?? `sqlite://${placeOf(join(folder, "ostiary.sqlite"))}`),
      schemaUrl: `file://./${placeOf(schema)}`,
    };
    mkdirSync(folder, { recursive: true });
    // Nobody else on this machine has to read the secrets.
    writeFileSync(configuration, configurationFor(wishes), { flag: "wx", mode: 0o600 });
    writeFileSync(schema, schemaFor(wishes), { flag: "wx" });
    call.out(
      `Wrote ${configuration} and ${schema}. Start it from here by:\n\n  npx ostiary serve --dev -c ${configuration}\n`,
    );
    call.out(`Then open ${wishes.url.href}`);
    return 0;
  },
};

/** A path as the server finds it from where this was run. */
const placeOf = (file: string): string => relative(".", file).split(sep).join("/");

/** What was said by flags, else to questions, else the defaults. */
async function answersTo({ flags, err }: CommandCall): Promise<Record<Question, string>> {
  const open = (Object.keys(questions) as Question[]).filter((question) => flags[question] === undefined);
  const answers: Record<string, string> = { ...standard };
  for (const question of Object.keys(questions))
    if (flags[question] !== undefined) answers[question] = String(flags[question]);
  if (flags.yes || open.length === 0) return answers as Record<Question, string>;
  if (!process.stdin.isTTY) {
    err("Nobody can be asked here: the defaults are taken. See: ostiary init --help");
    return answers as Record<Question, string>;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (const question of open)
      answers[question] =
        (await terminal.question(`${questions[question]} [${standard[question]}] `)).trim() || standard[question];
  } finally {
    terminal.close();
  }
  return answers as Record<Question, string>;
}

function waysIn(said: string): SignInWay[] {
  const words = said.split(",").map((word) => word.trim().toLowerCase());
  const odd = words.find((word) => !signInWays.some((way) => way === word));
  if (odd !== undefined)
    throw misuse(`there is no way to sign in by ${JSON.stringify(odd)}, only by ${signInWays.join(", ")}.`);
  return signInWays.filter((way) => words.includes(way));
}

function addressIn(said: string): URL {
  const url = URL.canParse(said) ? new URL(said) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw misuse("the address must be a URL of http or https.");
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  url.search = url.hash = "";
  return url;
}
