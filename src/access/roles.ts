/** What an administrator may be. */
export const roleNames = ["owner", "admin", "support", "viewer"] as const;

/** What an administrator is. */
export type Role = (typeof roleNames)[number];

/**
 * What each role may do. Only owners get at secrets (`.reveal`), keys, administrators and tenants: by any of these, anybody could
 * make themselves an owner. Whoever lets people back in could sign in as them by it, so they may do so openly as well.
 */
export const scopesOfRole: Readonly<Record<Role, readonly string[]>> = {
  owner: ["*"],
  admin: [
    "*.read",
    "identities.write",
    "identities.impersonate",
    "sessions.write",
    "recovery.write",
    "invitations.write",
    "providers.write",
    "subscriptions.write",
    "mappers.try",
  ],
  support: [
    "identities.read",
    "identities.impersonate",
    "sessions.read",
    "sessions.write",
    "recovery.write",
    "invitations.read",
    "messages.read",
  ],
  viewer: ["*.read"],
};
