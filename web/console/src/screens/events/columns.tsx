import type { Actor, Event } from "#gen/ostiary/admin_calls.js";
import { Id } from "../../parts/copy.tsx";
import type { Column } from "../../parts/table.tsx";
import { Time } from "../../parts/time.tsx";

/** A type's name as people would put it: LoginFailed is "Login failed". */
export const eventName = (type: string): string => {
  const words = type.replaceAll(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** An account, by its id. */
export const Account = ({ id }: { id: string | undefined }) =>
  id ? (
    <a class="break" href={`/console/identities/${id}`}>
      <Id value={id} />
    </a>
  ) : (
    <span class="muted">none</span>
  );

/** Who did something. */
export function Who({ actor }: { actor: Actor | undefined }) {
  if (!actor) return null;
  const { kind, id, name } = actor;
  const isPerson = kind === "identity" || kind === "administrator";
  return (
    <>
      {kind?.replaceAll("_", " ")}
      <span class="second break">{id ? isPerson ? <Account id={id} /> : <Id value={id} /> : name}</span>
    </>
  );
}

/** What tables of events show. */
export const eventColumns: readonly Column<Event>[] = [
  {
    head: "Event",
    isName: true,
    cell: ({ id, type, reason }) => (
      <>
        <a href={`/console/events/${id}`}>{eventName(type)}</a>
        <span class="second">{reason}</span>
      </>
    ),
  },
  { head: "Account", cell: ({ subject_id: id }) => <Account id={id} /> },
  { head: "By", cell: ({ actor }) => <Who actor={actor} /> },
  { head: "From", cell: ({ client_address: address }) => <span class="break">{address}</span> },
  { head: "When", cell: ({ occurred_at: at }) => <Time value={at} /> },
];
