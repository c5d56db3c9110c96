import { useCall } from "../../calls/use-call.ts";
import { Button } from "../../parts/button.tsx";
import { Badge, Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { useStore } from "../../parts/store.ts";
import { Table } from "../../parts/table.tsx";
import { place, setQuery } from "../../routing/place.ts";
import { eventColumns } from "./columns.tsx";
import { EventFilters, filterOf, isFiltered } from "./filters.tsx";
import { useTail } from "./use-tail.ts";

/** What has happened to accounts and sessions, the newest first, and as it happens. */
export function Events() {
  const { query } = useStore(place);
  const isLive = query.get("live") === "1";
  const filter = filterOf(query);
  const { answered, error, isLoading, reload } = useCall("ListEvents", {
    ...filter,
    page_size: 50,
    page_token: query.get("page") ?? "",
  });
  const { types, subject_id, actor_id } = filter;
  const tail = useTail(isLive ? ({ types, subject_id, actor_id } as typeof filter) : undefined);
  // What was on its way when the page was asked for comes by both ways.
  const known = new Set(tail.events.map(({ id }) => id));
  const rows = answered && [...tail.events, ...answered.answer.filter(({ id }) => !known.has(id))];
  const follow = () => {
    setQuery({ live: isLive ? "" : "1", page: "", until: "" }, { replace: true });
    // What was heard of is in the list by now.
    if (isLive) reload();
  };
  return (
    <Page
      title="Events"
      lead="What has happened to accounts and sessions, and every attempt to get in; the newest first."
      actions={
        <>
          {isLive && !tail.error && <Badge tone="good">live</Badge>}
          <Button onPress={follow}>{isLive ? "Stop following" : "Follow"}</Button>
        </>
      }
    >
      <EventFilters query={query} key={String(isLive)} />
      <ErrorNote error={error ?? tail.error} />
      <div class="card flush">
        <Table
          caption="Events"
          columns={eventColumns}
          rows={rows}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          empty={
            <Empty title="No events">{isFiltered(query) ? "None of this kind." : "Nothing has happened yet."}</Empty>
          }
        />
      </div>
      {answered && !isLive && <Pager next={answered.next} shown={answered.answer.length} />}
    </Page>
  );
}
