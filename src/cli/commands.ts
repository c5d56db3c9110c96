import type { Command } from "./command.ts";

/** Something that can be called by one word, or the group of all commands that begin with it. */
export interface Entry {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line for the overview. */
  readonly summary: string;
  readonly chapter: Chapter;
  /** What is loaded once somebody asks for it: a server should start without all the others. */
  load(): Promise<readonly Command[]>;
}

/** What commands are for, in the order in which the overview tells of them. */
export const chapters = ["Begin and serve", "Look after", "Administer", "Develop", "In Kratos' words"] as const;

/** What commands are for. */
export type Chapter = (typeof chapters)[number];

const identityCommands = async (): Promise<readonly Command[]> =>
  (await import("./identities/commands.ts")).identityCommands;

const jsonnetCommands = async (): Promise<readonly Command[]> => (await import("./jsonnet.ts")).jsonnetCommands;

/** All commands, by their first word. */
export const entries: readonly Entry[] = [
  {
    name: "init",
    summary: "Writes a configuration and an identity schema.",
    chapter: "Begin and serve",
    load: async () => [(await import("./init.ts")).initCommand],
  },
  {
    name: "serve",
    summary: "Serves the public and the admin API.",
    chapter: "Begin and serve",
    load: async () => [(await import("./serve.ts")).serveCommand],
  },
  {
    name: "courier",
    summary: "Sends messages, and shows them.",
    chapter: "Begin and serve",
    load: async () => {
      const [{ courierWatchCommand }, { courierMessageCommands }] = await Promise.all([
        import("./courier-watch.ts"),
        import("./courier-messages.ts"),
      ]);
      return [courierWatchCommand, ...courierMessageCommands];
    },
  },
  {
    name: "migrate",
    summary: "Makes and changes the tables of a database.",
    chapter: "Begin and serve",
    load: async () => {
      const [{ migrateCommands }, { normalisePhonesCommand }] = await Promise.all([
        import("./migrate.ts"),
        import("./normalise-phones.ts"),
      ]);
      return [...migrateCommands, normalisePhonesCommand];
    },
  },
  {
    name: "cleanup",
    summary: "Deletes what has run out.",
    chapter: "Look after",
    load: async () => [(await import("./cleanup.ts")).cleanupCommand],
  },
  {
    name: "backup",
    summary: "Copies a database of SQLite into a file.",
    chapter: "Look after",
    load: async () => [(await import("./backup.ts")).backupCommand],
  },
  {
    name: "doctor",
    summary: "Examines a configuration and what it names.",
    chapter: "Look after",
    load: async () => [(await import("./doctor.ts")).doctorCommand],
  },
  {
    name: "explain-login",
    summary: "Explains whether somebody can sign in.",
    chapter: "Look after",
    load: async () => [(await import("./explain-login.ts")).explainLoginCommand],
  },
  {
    name: "events",
    summary: "Lists, follows and verifies events.",
    chapter: "Look after",
    load: async () => (await import("./events.ts")).eventCommands,
  },
  {
    name: "remote",
    summary: "Shows how a server is, and which version.",
    chapter: "Look after",
    load: async () => (await import("./remote.ts")).remoteCommands,
  },
  {
    name: "identities",
    summary: "Lists, imports and changes identities.",
    chapter: "Administer",
    load: identityCommands,
  },
  {
    name: "tenants",
    summary: "Lists, creates and changes tenants.",
    chapter: "Administer",
    load: async () => (await import("./tenants.ts")).tenantCommands,
  },
  {
    name: "providers",
    summary: "Lists, creates and tests sign-in providers.",
    chapter: "Administer",
    load: async () => (await import("./providers.ts")).providerCommands,
  },
  {
    name: "admin",
    summary: "Says who administers.",
    chapter: "Administer",
    load: async () => (await import("./administrators.ts")).administratorCommands,
  },
  {
    name: "api-keys",
    summary: "Creates and revokes keys for the admin API.",
    chapter: "Administer",
    load: async () => (await import("./api-keys.ts")).apiKeyCommands,
  },
  {
    name: "mapper",
    summary: "Tries programs that map claims.",
    chapter: "Develop",
    load: async () => [(await import("./mapper-try.ts")).mapperTryCommand],
  },
  {
    name: "hashers",
    summary: "Measures what password hashes cost here.",
    chapter: "Look after",
    load: async () => (await import("./hashers/commands.ts")).hasherCommands,
  },
  {
    name: "jsonnet",
    summary: "Formats and checks programs in Jsonnet.",
    chapter: "Develop",
    load: jsonnetCommands,
  },
  {
    name: "seed",
    summary: "Makes up people to develop with.",
    chapter: "Develop",
    load: async () => [(await import("./seed.ts")).seedCommand],
  },
  {
    name: "completion",
    summary: "Lets a shell complete what is typed.",
    chapter: "Develop",
    load: async () => [(await import("./completion/command.ts")).completionCommand],
  },
  {
    name: "version",
    aliases: ["--version"],
    summary: "Shows the versions of Ostiary and Node.js.",
    chapter: "Develop",
    load: async () => [(await import("./version.ts")).versionCommand],
  },
  {
    name: "list",
    aliases: ["ls"],
    summary: "Lists identities.",
    chapter: "In Kratos' words",
    load: identityCommands,
  },
  { name: "get", summary: "Shows identities.", chapter: "In Kratos' words", load: identityCommands },
  { name: "import", summary: "Imports identities.", chapter: "In Kratos' words", load: identityCommands },
  { name: "delete", summary: "Deletes identities.", chapter: "In Kratos' words", load: identityCommands },
  { name: "validate", summary: "Validates identities.", chapter: "In Kratos' words", load: identityCommands },
  { name: "format", summary: "Formats programs in Jsonnet.", chapter: "In Kratos' words", load: jsonnetCommands },
  { name: "lint", summary: "Checks programs in Jsonnet.", chapter: "In Kratos' words", load: jsonnetCommands },
];
