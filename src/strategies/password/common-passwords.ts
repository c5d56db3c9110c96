let loaded: Promise<ReadonlySet<string>> | undefined;

/** Some 49 000 passwords that are tried first, in small letters. Read when the first password is checked. */
async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  return new Set(dictionary["passwords-common"]);
}

/** Whether a password is on the list of those that are tried first, in small or capital letters. */
export async function isCommonPassword(password: string): Promise<boolean> {
  return (await (loaded ??= load())).has(password.normalize("NFKC").toLowerCase());
}
