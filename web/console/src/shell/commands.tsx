import { curlOf, grpcurlOf } from "../calls/commands.ts";
import type { CallName, RequestOf } from "../calls/http.ts";
import { shapeOf } from "../calls/http.ts";
import { tenant as chosen } from "../calls/tenant.ts";
import { Copy } from "../parts/copy.tsx";
import { needsKey } from "./session.ts";

/** A call as commands for a terminal. */
export function Commands<Name extends CallName>({
  name,
  request,
  tenant = chosen.get(),
}: {
  name: Name;
  request: RequestOf<Name>;
  tenant?: string;
}) {
  const aim = { origin: location.origin, tenant, needsKey: needsKey() };
  const { service, rpc, says, scope } = shapeOf(name);
  return (
    <div class="commands">
      <p class="muted">
        <code>
          {service}/{rpc}
        </code>
        <br />
        {says}
        {aim.needsKey && scope && (
          <>
            {" "}
            Needs the scope <code>{scope}</code>.
          </>
        )}
      </p>
      <Command title="curl" text={curlOf(name, request, aim)} />
      <Command title="grpcurl" text={grpcurlOf(name, request, aim)} />
    </div>
  );
}

const Command = ({ title, text }: { title: string; text: string }) => (
  <figure class="command">
    <figcaption>
      {title} <Copy text={text} what={`the ${title} command`} />
    </figcaption>
    <pre tabIndex={0}>{text}</pre>
  </figure>
);
