import type { Hooks } from "../flow/hook.ts";
import { notifyKeyAdded } from "./notify-key-added.ts";
import { notifyPreviousAddresses } from "./notify-previous-addresses.ts";
import { requireVerifiedAddress } from "./require-verified-address.ts";
import { revokeActiveSessions } from "./revoke-active-sessions.ts";
import { verification } from "./verification.ts";
import { verifyNewAddress } from "./verify-new-address.ts";
import { webHook } from "./web-hook.ts";
import type { Present } from "./web-hook-request.ts";

/**
 * The hooks that are built, by the name under which they are configured. `session` is registration's own, `show_verification_ui` is read where
 * flows are answered.
 */
export const hooksOf = (present: Present): Hooks => ({
  web_hook: webHook(present),
  revoke_active_sessions: revokeActiveSessions,
  require_verified_address: requireVerifiedAddress,
  verification,
  verify_new_address: verifyNewAddress,
  notify_previous_addresses: notifyPreviousAddresses,
  notify_key_added: notifyKeyAdded,
});
