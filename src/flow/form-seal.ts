import type { Context } from "../context.ts";
import { open, seal, sealingSecrets } from "../crypto/cipher.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Flow, Form, SealedForm } from "./flow.ts";
import { showsSecrets } from "./kinds.ts";

/** A form as it is stored: sealed where it may show secrets. */
export function storedForm({ config }: Context, { kind, ui }: Flow): Form | SealedForm {
  return showsSecrets(kind) ? { sealed: seal(JSON.stringify(ui), sealingSecrets(config.secrets), "aes") } : ui;
}

/** A form as it was before it was stored. */
export function openForm({ config }: Context, stored: Form | SealedForm): Form {
  if (!("sealed" in stored)) return stored;
  const text = open(stored.sealed, sealingSecrets(config.secrets));
  // A flow whose secret has been taken out of service is as good as gone.
  if (text === undefined) throw problem(ErrorReason.NOT_FOUND);
  return JSON.parse(text) as Form;
}
