import type { Context } from "../context.ts";
import { open, seal, sealingSecrets } from "../crypto/cipher.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Flow, Form, SealedForm } from "./flow.ts";

/** A form as it is stored. Those of settings show secrets, of authenticator apps and backup codes, and are sealed. */
export function storedForm({ config }: Context, { kind, ui }: Flow): Form | SealedForm {
  return kind === "settings" ? { sealed: seal(JSON.stringify(ui), sealingSecrets(config.secrets), "aes") } : ui;
}

/** A form as it was before it was stored. */
export function openForm({ config }: Context, stored: Form | SealedForm): Form {
  if (!("sealed" in stored)) return stored;
  const text = open(stored.sealed, sealingSecrets(config.secrets));
  // A flow whose secret has been taken out of service is as good as gone.
  if (text === undefined) throw problem(ErrorReason.NOT_FOUND);
  return JSON.parse(text) as Form;
}
