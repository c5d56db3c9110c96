import { useState } from "preact/hooks";
import type { Administrator } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { SelectField } from "../../parts/field.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { say } from "../../parts/say.tsx";

const roles = [
  ["viewer", "Viewer: sees everything but secrets"],
  ["support", "Support: helps people back in"],
  ["admin", "Admin: all but keys, tenants, administrators"],
  ["owner", "Owner: everything"],
] as const;

/** Makes somebody an administrator. */
export function Role({ id }: { id: string }) {
  const [role, setRole] = useState<NonNullable<Administrator["role"]>>("viewer");
  const action = useAction();
  const grant = async () => {
    await call("GrantAdministrator", { identity_id: id, administrator: { role } });
    say(`The role ${role} was given.`);
  };
  return (
    <Card title="Administrator" lead="A role lets this person into the console.">
      <div class="stack">
        <SelectField label="Role" value={role} onChange={(value) => setRole(value as typeof role)} choices={roles} />
        <div>
          <Button isBusy={action.isBusy} onPress={() => void action.run(grant)}>
            Give the role
          </Button>
        </div>
        <ErrorNote error={action.error} />
      </div>
    </Card>
  );
}
