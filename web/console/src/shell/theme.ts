import { createStore } from "../parts/store.ts";

/** How the console looks: as the system does, light or dark. */
export type Theme = "system" | "light" | "dark";

const key = "ostiary.theme";

/** The theme that was chosen. */
export const theme = createStore((localStorage.getItem(key) ?? "system") as Theme);

/** Has the page follow the theme that was chosen. */
export function followTheme(): void {
  const show = () => {
    const chosen = theme.get();
    if (chosen === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = chosen;
    localStorage.setItem(key, chosen);
  };
  show();
  theme.watch(show);
}
