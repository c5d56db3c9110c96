import { useState } from "preact/hooks";
import { call } from "../../calls/call.ts";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { saveFile } from "../../parts/save-file.ts";
import { say } from "../../parts/say.tsx";

/** Hands out what is known of somebody, as they may ask for it. */
export function Export({ id, name }: { id: string; name: string }) {
  const [asks, setAsks] = useState(false);
  const download = async () => {
    const { answer } = await call("ExportIdentity", { id });
    saveFile(`account-${id}.json`, "application/json", JSON.stringify(answer, undefined, 2));
    say("The export was downloaded.");
  };
  return (
    <div class="line-head">
      <p>
        Export
        <span class="second">Everything known of them, without secrets, as JSON.</span>
      </p>
      <Button onPress={() => setAsks(true)}>Export</Button>
      {asks && (
        <Confirm
          title={`Export ${name}?`}
          verb="Download"
          kind="primary"
          call="ExportIdentity"
          request={{ id }}
          onClose={() => setAsks(false)}
          onConfirm={download}
        >
          <p>The file holds personal data: their profile, sessions, events and messages.</p>
        </Confirm>
      )}
    </div>
  );
}
