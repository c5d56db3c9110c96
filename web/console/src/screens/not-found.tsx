import { Empty } from "../parts/notes.tsx";
import { Page } from "../parts/page.tsx";

/** What is shown where no screen is. */
export const NotFound = () => (
  <Page title="Nothing is here">
    <Empty title="There is no such screen">
      <a href="/console">Back to the overview</a>
    </Empty>
  </Page>
);
