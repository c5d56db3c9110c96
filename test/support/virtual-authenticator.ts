import type { Page } from "playwright-core";

/** What a virtual authenticator is like; a platform's with user verification unless said otherwise. */
export interface AuthenticatorOptions {
  readonly protocol?: "ctap2" | "u2f";
  readonly transport?: "usb" | "nfc" | "ble" | "internal";
  readonly hasResidentKey?: boolean;
  readonly hasUserVerification?: boolean;
  /** Whether the person passes when asked for a finger or a PIN. */
  readonly isUserVerified?: boolean;
  /** Whether somebody touches it as soon as it asks. */
  readonly automaticPresenceSimulation?: boolean;
}

/** A security key of software, plugged into a page. */
export interface Authenticator {
  /** The keys it keeps. */
  credentials(): Promise<readonly { readonly credentialId: string; readonly signCount: number }[]>;
  /** Decides whether the person passes from now on. */
  setUserVerified(isUserVerified: boolean): Promise<void>;
  /** Pulls it out. */
  remove(): Promise<void>;
}

/** Plugs a security key into a page, by the domain WebAuthn of the browser's debugging protocol. */
export async function addAuthenticator(page: Page, options: AuthenticatorOptions = {}): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...options,
    },
  });
  return {
    credentials: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    setUserVerified: async (isUserVerified) =>
      void (await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified })),
    remove: async () => void (await session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId })),
  };
}
