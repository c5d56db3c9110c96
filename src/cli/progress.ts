import type { Screen } from "./command.ts";

/** How far work has come, for whoever watches it. */
export interface Progress {
  /** Shows it, if it is time to: of all that there is to do so much is done. */
  show(part: number | undefined, words: string): void;
  /** Takes it away, so that something else can be said. */
  clear(): void;
}

const everyMs = 100;
const barWidth = 24;

/** Shows progress on a terminal, and nothing where there is none. */
export function progressOn(screen: Screen | undefined, now: () => number = () => performance.now()): Progress {
  let shownAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    show(part, words) {
      if (!screen || now() - shownAt < everyMs) return;
      shownAt = now();
      isShown = true;
      const line = part === undefined ? words : `${barOf(part)} ${words}`;
      // A line that is longer than the terminal would not be overwritten.
      screen.write(`\r${line.slice(0, screen.columns - 1)}\u001B[K`);
    },
    clear() {
      if (isShown) screen?.write("\r\u001B[K");
      isShown = false;
      shownAt = Number.NEGATIVE_INFINITY;
    },
  };
}

function barOf(part: number): string {
  const done = Math.min(1, Math.max(0, part));
  const filled = Math.round(done * barWidth);
  return `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${String(Math.floor(done * 100)).padStart(3)}%`;
}
