import { createHash } from "node:crypto";

/** The colours that a theme may name, each as `#rrggbb`. */
export interface Colors {
  readonly accent?: string | undefined;
  readonly background?: string | undefined;
  readonly surface?: string | undefined;
  readonly text?: string | undefined;
}

/** How the pages of a site look. */
export interface Theme {
  /** What people call the site. */
  readonly name: string;
  /** Addresses of pictures. */
  readonly logo?: string | undefined;
  readonly logoDark?: string | undefined;
  readonly icon?: string | undefined;
  readonly light: Colors;
  readonly dark: Colors;
  /** Rules of the site's own, which come last. */
  readonly css?: string | undefined;
}

/** A theme as browsers load it. */
export interface ThemeFile {
  readonly name: string;
  readonly text: string;
}

const written = new WeakMap<Theme, ThemeFile>();

/** The style sheet of a theme; its name tells what is in it. */
export function themeFile(theme: Theme): ThemeFile {
  const known = written.get(theme);
  if (known) return known;
  const dark = rules(theme.dark);
  const text = [
    `:root{${rules(theme.light)}}`,
    ...(dark ? [`@media (prefers-color-scheme:dark){:root{${dark}}}`] : []),
    theme.css ?? "",
  ].join("\n");
  const file = { name: `theme-${digest(text)}.css`, text };
  written.set(theme, file);
  return file;
}

/** What a file is called after what is in it. */
export const digest = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("base64url").slice(0, 16);

function rules({ accent, background, surface, text }: Colors): string {
  const named = {
    accent,
    "on-accent": accent && legibleOn(accent),
    background,
    surface,
    text,
  };
  return Object.entries(named)
    .filter(([, color]) => color !== undefined)
    .map(([name, color]) => `--${name}:${color}`)
    .join(";");
}

/** Black or white, whichever is read more easily on a colour. */
export const legibleOn = (color: string): string =>
  contrast(color, "#ffffff") >= contrast(color, "#000000") ? "#ffffff" : "#000000";

/** The contrast between two colours, from 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const digits = color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit).join("") : color.slice(1, 7);
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const part = parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
