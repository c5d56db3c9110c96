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
  // Whoever names a colour means it by night as well, as far as it can be read there.
  const night = theme.light.accent && readable(theme.light.accent, theme.dark.surface ?? surfaces.dark);
  const dark = rules({ ...theme.dark, accent: theme.dark.accent ?? night }, "dark");
  const text = [
    `:root{${rules(theme.light, "light")}}`,
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

/** The surfaces that text stands on where a theme names none: those of the style sheet. */
const surfaces = { light: "#ffffff", dark: "#181b28" } as const;

function rules({ accent, background, surface, text }: Colors, by: keyof typeof surfaces): string {
  const named = {
    accent,
    "on-accent": accent && legibleOn(accent),
    // What is written in the accent's colour has to be read, whatever the colour is.
    link: accent && readable(accent, surface ?? surfaces[by]),
    background,
    surface,
    text,
  };
  return Object.entries(named)
    .filter(([, color]) => color !== undefined)
    .map(([name, color]) => `--${name}:${color}`)
    .join(";");
}

/** A colour, or as little of black or white mixed into it as lets it be read on a surface (WCAG 2.2, 1.4.3). */
export function readable(color: string, surface: string): string {
  const target = legibleOn(surface);
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = mix(color, target, part);
    if (contrast(mixed, surface) >= 4.6) return mixed;
  }
  return target;
}

function mix(one: string, other: string, part: number): string {
  const [from, to] = [channels(one), channels(other)];
  return `#${from
    .map((value, at) =>
      Math.round(value + (to[at]! - value) * part)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
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
  const [red, green, blue] = channels(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Red, green and blue, from 0 to 255. */
function channels(color: string): number[] {
  const digits = color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit).join("") : color.slice(1, 7);
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}
