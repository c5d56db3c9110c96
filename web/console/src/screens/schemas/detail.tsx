import { useState } from "preact/hooks";
import type { JsonObject } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { isObject } from "../../form/json-path.ts";
import { JsonField, JsonView, read, written } from "../../form/json-editor.tsx";
import { SchemaForm, traitsOf } from "../../form/schema-form.tsx";
import { Card } from "../../parts/card.tsx";
import { Empty, ErrorNote, Loading, Note } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import type { Params } from "../../routing/match.ts";

const above = { path: "/schemas", name: "Schemas" };

/** A schema, beside the form that it makes. Changes here try out what the form would become, and are kept nowhere. */
export function Schema({ params: { id = "" } }: { params: Params }) {
  const { answered, error, isLoading } = useCall("ListConfiguredSchemas", {});
  const found = answered?.answer.find((one) => one.id === id);
  return (
    <Page
      title={id}
      above={above}
      lead="The form at the side follows what you write. To change the schema for good, change the file that the configuration names."
    >
      <ErrorNote error={error} />
      {isLoading && !answered && <Loading />}
      {answered && !found && <Empty title="There is no such schema" />}
      {found?.fault && <Note tone="danger">{found.fault}</Note>}
      {found?.schema && <Workbench schema={found.schema} />}
    </Page>
  );
}

function Workbench({ schema }: { schema: JsonObject }) {
  const [text, setText] = useState(written(schema));
  const [traits, setTraits] = useState<JsonObject>({});
  const found = read(text);
  const tried = "value" in found && isObject(found.value) ? found.value : undefined;
  return (
    <div class="columns even">
      <Card title="JSON Schema">
        <JsonField label="Schema" text={text} onChange={setText} rows={28} />
      </Card>
      <div class="stack">
        <Card title="The form">
          <div class="stack">
            {tried ? (
              <SchemaForm schema={traitsOf(tried)} value={traits} onChange={setTraits} />
            ) : (
              <p class="muted">There is a form as soon as the schema is JSON.</p>
            )}
          </div>
        </Card>
        <Card title="The traits that it makes">
          <JsonView value={traits} label="Traits" />
        </Card>
      </div>
    </div>
  );
}
