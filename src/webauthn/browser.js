// Served as /.well-known/ory/webauthn.js. Lets the forms of flows talk to security keys and passkeys: each function reads
// what to ask for from a form, asks the authenticator, writes the answer into the form and submits it. It needs no inline
// code: buttons of the known names work as soon as it is loaded, which it tells by the event `oryWebAuthnInitialized` and by
// `window.__oryWebAuthnInitialized`. What went wrong is told by the event `ostiary:webauthn-error` at the form's field.
(() => {
  "use strict";

  // Single-page apps put the script into the page with each form that they draw.
  if (window.oryWebAuthnLogin) return;

  const named = (name) => `[name="${name}"]`;
  const find = (selector, within = document) => within.querySelector(selector);
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
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
    const answer = Object.fromEntries(
      Object.entries(parts).flatMap(([name, part]) => (part ? [[name, text(part)]] : [])),
    );
    if (attestationObject && response.getTransports) answer.transports = response.getTransports();
    return JSON.stringify({
      id,
      rawId: text(rawId),
      type,
      authenticatorAttachment,
      clientExtensionResults: {},
      response: answer,
    });
  }

  /** The ceremony under way. A browser knows one at a time; the one that waits in the background gives way. */
  let current;
  /** Whether an answer is on its way: another one would take its place, although its challenge is spent. */
  let leaving = false;
  const busy = () => leaving || (Boolean(current) && !current.background);

  function submit(form) {
    leaving = true;
    // Where the page stays after all, whoever is in front of it may try again.
    setTimeout(() => void (leaving = false), 10_000);
    form.submit();
  }

  window.addEventListener("pageshow", ({ persisted }) => persisted && (leaving = false));

  /** Asks the authenticator and submits its answer; says whether it came to that. */
  async function hold(result, background, ceremony) {
    if (!result || busy()) return false;
    if (!window.PublicKeyCredential)
      return complain(result, new Error("This browser knows neither security keys nor passkeys."));
    current?.abort.abort();
    const own = { background, abort: new AbortController() };
    current = own;
    // By this name pages end what waits in the background.
    window.abortPasskeyConditionalUI = background ? own.abort : undefined;
    try {
      const credential = await ceremony(own.abort.signal);
      if (!credential) return false;
      result.value = written(credential);
      const form = result.closest("form");
      if (form) submit(form);
      return true;
    } catch (error) {
      // Some browsers say that they offer passkeys unasked, and do not. Nobody waits for it then, so that nobody is told.
      if (own.abort.signal.aborted || (background && error.name === "NotSupportedError")) return false;
      return complain(result, error);
    } finally {
      if (current === own) current = undefined;
    }
  }

  function complain(result, error) {
    console.warn(error);
    const event = new CustomEvent("ostiary:webauthn-error", { bubbles: true, cancelable: true, detail: { error } });
    // Pages made for Kratos wait for no event: of security keys its script tells people like this.
    if (result.dispatchEvent(event) && result.name.startsWith("webauthn_")) window.alert(error);
    return false;
  }

  /** Options as somebody handed them over, or as a field of the form holds them. */
  function optionsFrom(given, selector) {
    const options = given && !(given instanceof Event) ? given : find(selector)?.value;
    return typeof options === "string" && options ? JSON.parse(options) : options;
  }

  const create = async (result, options) =>
    options &&
    hold(result, false, (signal) => navigator.credentials.create({ publicKey: forCreation(options), signal }));

  const get = async (result, options, more) =>
    options &&
    hold(result, Boolean(more), (signal) =>
      navigator.credentials.get({ publicKey: forRequest(options), signal, ...more }),
    );

  const keyRegistration = (given, result = named("webauthn_register"), trigger = named("webauthn_register_trigger")) =>
    create(find(result), optionsFrom(given, trigger));

  const keyLogin = (given, result = named("webauthn_login"), trigger = named("webauthn_login_trigger")) =>
    get(find(result), optionsFrom(given, trigger));

  async function passkeyRegistration(given) {
    const data = optionsFrom(given, named("passkey_create_data"));
    const result = find(named("passkey_register"));
    if (!data || !result) return false;
    const { credentialOptions: options, displayNameFieldNames = [], displayNameFieldName } = data;
    const fields = displayNameFieldNames.length ? displayNameFieldNames : [displayNameFieldName];
    // Pages with a form for each method have each of these fields several times.
    const name = fields.map((one) => find(named(one), result.form ?? document)?.value).find(Boolean);
    if (name) Object.assign(options.publicKey.user, { name, displayName: name });
    return create(result, options);
  }

  const passkeySettingsRegistration = (given) =>
    create(find(named("passkey_settings_register")), optionsFrom(given, named("passkey_create_data")));

  const passkeyLogin = async (given) =>
    !busy() &&
    ((await get(find(named("passkey_login")), optionsFrom(given, named("passkey_challenge")))) || autocompleteInit());

  async function autocompleteInit(given) {
    // A browser that a program drives picks a passkey as soon as it may offer one: suites made for Kratos count on its script not to ask.
    if (window.Cypress || !(await window.PublicKeyCredential?.isConditionalMediationAvailable?.())) return false;
    return get(find(named("passkey_login")), optionsFrom(given, named("passkey_challenge")), {
      mediation: "conditional",
    });
  }

  const functions = {
    oryWebAuthnRegistration: keyRegistration,
    oryWebAuthnLogin: keyLogin,
    oryPasskeyLogin: passkeyLogin,
    oryPasskeyLoginAutocompleteInit: autocompleteInit,
    oryPasskeyRegistration: passkeyRegistration,
    oryPasskeySettingsRegistration: passkeySettingsRegistration,
  };
  for (const [name, run] of Object.entries(functions)) {
    window[name] = run;
    // Pages made for older versions of Kratos call the functions by this name.
    window[`__${name}`] = run;
  }

  /** What a button does: the one for passkeys has the same name in two forms. */
  function actionOf(name) {
    if (name === "webauthn_register_trigger") return keyRegistration;
    if (name === "webauthn_login_trigger") return keyLogin;
    if (name === "passkey_login_trigger") return passkeyLogin;
    if (name !== "passkey_register_trigger") return undefined;
    return find(named("passkey_settings_register")) ? passkeySettingsRegistration : passkeyRegistration;
  }

  // At the document, so that buttons drawn later work as well. Where a page calls the function itself, that one came first.
  document.addEventListener("click", ({ target }) => {
    const name = target instanceof Element ? target.closest("[name$='_trigger']")?.getAttribute("name") : undefined;
    actionOf(name)?.();
  });

  // Only where the form asks for a name, which is what the browser completes with a passkey.
  const begin = () => find('[name="identifier"][autocomplete~="webauthn"]') && autocompleteInit();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();

  // Not where a browser knows no keys: pages wait for this before they offer any.
  if (!window.PublicKeyCredential) return;
  window.__oryWebAuthnInitialized = true;
  window.dispatchEvent(new CustomEvent("oryWebAuthnInitialized"));
})();
