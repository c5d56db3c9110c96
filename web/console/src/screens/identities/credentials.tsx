import { useState } from "preact/hooks";
import type { Identity, IdentityCredentials } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/notes.tsx";
import { say } from "../../parts/say.tsx";
import { Time } from "../../parts/time.tsx";

/** What a kind of credential is called. */
export const credentialNames: Readonly<Record<string, string>> = {
  password: "Password",
  code: "One-time codes",
  totp: "Authenticator app",
  lookup_secret: "Backup codes",
  webauthn: "Security keys",
  passkey: "Passkeys",
  oidc: "Social sign-in",
  saml: "SAML",
  profile: "Profile",
  deviceauthn: "Devices",
};

// These two are there as long as the traits are.
const lasting = new Set(["password", "code"]);

interface Removal {
  readonly type: string;
  readonly identifier?: string;
}

/** What an account proves itself with. */
export function Credentials({ identity, onChange }: { identity: Identity; onChange: () => void }) {
  const [removal, setRemoval] = useState<Removal>();
  const credentials = Object.values(identity.credentials ?? {});
  const request = removal && { id: identity.id, ...removal };
  return (
    <Card title="Credentials" lead="What this person proves themselves with.">
      {!credentials.length && (
        <Empty title="No credentials">This person cannot sign in yet: send them a recovery code.</Empty>
      )}
      <ul class="lines">{credentials.flatMap((one) => linesOf(one, setRemoval))}</ul>
      {request && (
        <Confirm
          title={`Remove ${credentialNames[request.type] ?? request.type}?`}
          verb="Remove"
          call="DeleteIdentityCredentials"
          request={request}
          onClose={() => setRemoval(undefined)}
          onConfirm={async () => {
            await call("DeleteIdentityCredentials", request);
            say("The credential was removed.");
            onChange();
          }}
        >
          <p>The person can no longer sign in by it. Their sessions stay.</p>
        </Confirm>
      )}
    </Card>
  );
}

function linesOf(credential: IdentityCredentials, remove: (removal: Removal) => void) {
  const { type, identifiers, created_at } = credential;
  const name = credentialNames[type] ?? type;
  // Each account at a provider is removed by itself.
  const each = type === "oidc" || type === "saml" ? identifiers : [undefined];
  return each.map((identifier) => (
    <li key={`${type} ${identifier}`}>
      <span class="grow">
        {name}
        <span class="second">{identifier ?? shown(type, identifiers)}</span>
      </span>
      <span class="muted">
        <Time value={created_at} />
      </span>
      {!lasting.has(type) && (
        <Button
          kind="quiet"
          label={`Remove ${name}`}
          onPress={() => remove({ type, ...(identifier && { identifier }) })}
        >
          Remove
        </Button>
      )}
    </li>
  ));
}

const shown = (type: string, identifiers: readonly string[]): string =>
  type === "password" || type === "code" ? identifiers.join(", ") : "";
