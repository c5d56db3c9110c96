import { place, setQuery } from "../routing/place.ts";
import { useStore } from "./store.ts";

/** The ways to other pages of a list; the browser's way back leads to the page before. */
export function Pager({ next, shown, total }: { next: string; shown: number; total?: number | undefined }) {
  const { query } = useStore(place);
  const isFirst = !query.get("page");
  if (isFirst && !next) return null;
  return (
    <nav class="pager" aria-label="Pages">
      <span class="muted">
        {shown} on this page{total !== undefined && `, ${total.toLocaleString("en")} in all`}
      </span>
      <span class="actions">
        {!isFirst && (
          <button type="button" class="button plain" onClick={() => history.back()}>
            Back
          </button>
        )}
        {!isFirst && (
          <button type="button" class="button plain" onClick={() => setQuery({ page: "" })}>
            First page
          </button>
        )}
        {next && (
          <button type="button" class="button plain" onClick={() => setQuery({ page: next })}>
            Next page
          </button>
        )}
      </span>
    </nav>
  );
}
