const shortest = 8;

let common: Promise<ReadonlySet<string>> | undefined;

/** Whether a password is among those that attackers try first; a list that ships with the server, some 30 000 long. */
export async function isCommon(password: string): Promise<boolean> {
  common ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set((dictionary["passwords-common"] as readonly string[]).filter(({ length }) => length >= shortest)),
  );
  return (await common).has(password.toLowerCase());
}
