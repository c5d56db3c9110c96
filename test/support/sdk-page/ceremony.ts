import { startAuthentication, startRegistration } from "@simplewebauthn/browser";

const field = (name: string) => document.querySelector<HTMLInputElement>(`[name="${name}"]`);
const options = (name: string) => JSON.parse(field(name)!.value);

const create = async (optionsJSON: Parameters<typeof startRegistration>[0]["optionsJSON"]) =>
  JSON.stringify(await startRegistration({ optionsJSON }));
const sign = async (name: string, useBrowserAutofill = false) =>
  JSON.stringify(await startAuthentication({ optionsJSON: options(name).publicKey, useBrowserAutofill }));

/** Asks the authenticator for what a button is about, and says which field its answer goes into. */
export async function answerFor(trigger: string): Promise<{ name: string; value: string } | undefined> {
  switch (trigger) {
    case "webauthn_register_trigger":
      return { name: "webauthn_register", value: await create(options(trigger).publicKey) };
    case "webauthn_login_trigger":
      return { name: "webauthn_login", value: await sign(trigger) };
    case "passkey_login_trigger":
      return { name: "passkey_login", value: await sign("passkey_challenge") };
    case "passkey_register_trigger": {
      const { publicKey, credentialOptions } = options("passkey_create_data");
      const name = field("passkey_settings_register") ? "passkey_settings_register" : "passkey_register";
      return { name, value: await create(publicKey ?? credentialOptions.publicKey) };
    }
    default:
      return undefined;
  }
}

/** Waits for a passkey that is picked where the name is typed; undefined where the form offers none, or another way was taken. */
export async function pickedPasskey(): Promise<string | undefined> {
  if (!field("passkey_challenge") || !field("identifier")?.autocomplete.includes("webauthn")) return undefined;
  if (!(await PublicKeyCredential.isConditionalMediationAvailable())) return undefined;
  return sign("passkey_challenge", true).catch(() => undefined);
}
