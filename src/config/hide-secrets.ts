/** Stands for a secret that is there and not shown. */
export const hiddenSecret = "***";

const secretKeys = new Set([
  "secrets",
  "dsn",
  "connection_uri",
  "authorization_header",
  "client_secret",
  "apple_private_key",
  "password",
  "value",
  "headers",
  "base64",
]);

/** A part of the configuration without its secrets: what stands below a key that names one, and what addresses carry. */
export const hideSecrets = (value: unknown): unknown => hide(value, false);

function hide(value: unknown, isSecret: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => hide(item, isSecret));
  if (isTree(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        hide(item, isSecret || secretKeys.has(key) || holdsKeys(key, item)),
      ]),
    );
  if (typeof value !== "string") return value;
  return isSecret ? hiddenSecret : value.replace(userOfUrl, `://${hiddenSecret}@`);
}

/** Whether what stands there alone is a secret, whatever it is. */
export const isSecretKey = (key: string): boolean => secretKeys.has(key);

/** Whether an address is a key set itself, with the private keys in it. */
const holdsKeys = (key: string, value: unknown): boolean =>
  key === "jwks_url" && typeof value === "string" && value.startsWith("base64://");

// Who calls another server may write a name and a password into its address.
const userOfUrl = /:\/\/[^/@\s]*@/;

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
