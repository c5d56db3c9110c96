/** The address of a mail server, taken apart. */
export interface SmtpUri {
  readonly host: string;
  /** Left out where it is the usual one. */
  readonly port?: number;
  /** Whether the scheme asks for TLS from the first byte. */
  readonly secure: boolean;
  /** An empty password is one, too. */
  readonly login?: { readonly user: string; readonly password: string };
  readonly options: URLSearchParams;
}

const encode =
  "a user or password that holds one of these characters has them encoded: / as %2F, # as %23, ? as %3F, @ as %40, % as %25";

/** Takes the address of a mail server apart. Throws a sentence that says what is wrong with it, and shows nothing of it. */
export function readSmtpUri(uri: string): SmtpUri {
  if (!/^smtps?:\/\//i.test(uri)) throw new TypeError("must be an smtp or smtps URL");
  if (!URL.canParse(uri)) throw new TypeError(`is no URL; ${encode}`);
  const { protocol, hostname, port, username, password, pathname, search, hash, searchParams } = new URL(uri);
  // Where a user's name ends early, what should have been the rest of it stands in the path.
  if (`${pathname}${hash}${username ? "" : search}`.includes("@"))
    throw new TypeError(`has an @ where no user can stand; ${encode}`);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (!host) throw new TypeError("names no host");
  return {
    host,
    secure: protocol === "smtps:",
    options: searchParams,
    ...(port && { port: Number(port) }),
    ...(username && { login: { user: decoded(username), password: decoded(password) } }),
  };
}

/** What is wrong with the address of a mail server. */
export function faultOfSmtpUri(uri: string): string | undefined {
  try {
    readSmtpUri(uri);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError(`has a % that begins no encoded character; ${encode}`);
  }
}
