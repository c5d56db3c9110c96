// Served as /.well-known/ory/webauthn.js. Lets the forms of flows talk to security keys and passkeys: each function reads
// what to ask for from a form, asks the authenticator, writes the answer into the form and submits it. It needs no inline
// code: buttons of the known names work as soon as it is loaded. What went wrong is told by the event
// `ostiary:webauthn-error` at the form's field.
(() => {
  "use strict";

  const field = (name) => document.querySelector(`[name="${name}"]`);
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  const text = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  const descriptors = (list) => list && list.map((one) => ({ ...one, id: bytes(one.id) }));

  const forCreation = ({ publicKey }) => ({
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    ...(publicKey.excludeCredentials && { excludeCredentials: descriptors(publicKey.excludeCredentials) }),
  });

  const forRequest = ({ publicKey }) => ({
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    ...(publicKey.allowCredentials && { allowCredentials: descriptors(publicKey.allowCredentials) }),
  });

  function written({ id, rawId, type, response, authenticatorAttachment }) {
    const { clientDataJSON, attestationObject, authenticatorData, signature, userHandle } = response;
    const parts = { clientDataJSON, attestationObject, authenticatorData, signature, userHandle };
    const answer = Object.fromEntries(Object.entries(parts).flatMap(([name, part]) => (part ? [[name, text(part)]] : [])));
    if (attestationObject && response.getTransports) answer.transports = response.getTransports();
    return JSON.stringify({ id, rawId: text(rawId), type, authenticatorAttachment, clientExtensionResults: {}, response: answer });
  }

  /** The ceremony under way. A browser knows one at a time; the one that waits in the background gives way. */
  let current;

  async function hold(resultName, background, ceremony) {
    const result = field(resultName);
    if (!result || (current && !current.background)) return;
    if (!window.PublicKeyCredential) return complain(result, new Error("This browser knows neither security keys nor passkeys."));
    current?.abort.abort();
    const own = { background, abort: new AbortController() };
    current = own;
    try {
      const credential = await ceremony(own.abort.signal);
      if (!credential) return;
      result.value = written(credential);
      result.closest("form")?.submit();
    } catch (error) {
      if (!own.abort.signal.aborted) complain(result, error);
    } finally {
      if (current === own) current = undefined;
    }
  }

  function complain(result, error) {
    console.warn(error);
    result.dispatchEvent(new CustomEvent("ostiary:webauthn-error", { bubbles: true, detail: { error } }));
  }

  /** Options as somebody handed them over, or as a field of the form holds them. */
  function optionsFrom(given, name) {
    const options = given && !(given instanceof Event) ? given : field(name)?.value;
    return typeof options === "string" ? JSON.parse(options) : options;
  }

  const create = (resultName, options) =>
    options && hold(resultName, false, (signal) => navigator.credentials.create({ publicKey: forCreation(options), signal }));

  const get = (resultName, options) =>
    options && hold(resultName, false, (signal) => navigator.credentials.get({ publicKey: forRequest(options), signal }));

  function passkeyRegistration(given) {
    const data = optionsFrom(given, "passkey_create_data");
    if (!data) return undefined;
    const { credentialOptions: options, displayNameFieldNames = [], displayNameFieldName } = data;
    const names = displayNameFieldNames.length ? displayNameFieldNames : [displayNameFieldName];
    const name = names.map((one) => field(one)?.value).find(Boolean);
    if (name) Object.assign(options.publicKey.user, { name, displayName: name });
    return create("passkey_register", options);
  }

  async function autocompleteInit(given) {
    const options = optionsFrom(given, "passkey_challenge");
    const able = window.PublicKeyCredential?.isConditionalMediationAvailable;
    if (!options || current || !able || !(await window.PublicKeyCredential.isConditionalMediationAvailable()) || current) return;
    await hold("passkey_login", true, (signal) =>
      navigator.credentials.get({ publicKey: forRequest(options), mediation: "conditional", signal }),
    );
  }

  const functions = {
    oryWebAuthnRegistration: (given) => create("webauthn_register", optionsFrom(given, "webauthn_register_trigger")),
    oryWebAuthnLogin: (given) => get("webauthn_login", optionsFrom(given, "webauthn_login_trigger")),
    oryPasskeyLogin: (given) => get("passkey_login", optionsFrom(given, "passkey_challenge")),
    oryPasskeyLoginAutocompleteInit: autocompleteInit,
    oryPasskeyRegistration: passkeyRegistration,
    oryPasskeySettingsRegistration: (given) => create("passkey_settings_register", optionsFrom(given, "passkey_create_data")),
  };
  for (const [name, run] of Object.entries(functions)) {
    window[name] = run;
    // Pages made for older versions of Kratos call the functions by this name.
    window[`__${name}`] = run;
  }

  /** What a button does: the one for passkeys has the same name in two forms. */
  function actionOf(name) {
    if (name === "webauthn_register_trigger") return functions.oryWebAuthnRegistration;
    if (name === "webauthn_login_trigger") return functions.oryWebAuthnLogin;
    if (name === "passkey_login_trigger") return functions.oryPasskeyLogin;
    if (name !== "passkey_register_trigger") return undefined;
    return field("passkey_settings_register") ? functions.oryPasskeySettingsRegistration : functions.oryPasskeyRegistration;
  }

  // At the document, so that buttons drawn later work as well. Where a page calls the function itself, that one came first.
  document.addEventListener("click", ({ target }) => {
    const name = target instanceof Element ? target.closest("[name$='_trigger']")?.getAttribute("name") : undefined;
    actionOf(name)?.();
  });

  // Only where the form asks for a name, which is what the browser completes with a passkey.
  const begin = () => field("identifier")?.autocomplete?.includes("webauthn") && autocompleteInit();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
