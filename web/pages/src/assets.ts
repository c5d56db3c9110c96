import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { digest, themeFile } from "./theme.ts";
import type { Answer, Visit } from "./visit.ts";
import type { Assets } from "./view.ts";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

const files = ["pages.css", "noscript.css", "pages.js", "icon.svg", "inbox.css", "inbox.js"];

interface Asset {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array;
}

/** Files that browsers load. */
export interface AssetFolder extends Assets {
  /** Answers for a file, if there is one of the name. */
  serve(visit: Visit, name: string): Answer | undefined;
}

/** Reads the files that come along. Their names tell what is in them, so that browsers keep them for ever. */
export function readAssets(folder: URL): AssetFolder {
  const byFile = new Map<string, Asset>();
  const byName = new Map<string, Asset>();
  for (const file of files) {
    const content = Uint8Array.from(readFileSync(new URL(file, folder)));
    const extension = extname(file);
    const name = `${file.slice(0, -extension.length)}-${digest(content)}${extension}`;
    const asset = { name, type: types[extension]!, content };
    byFile.set(file, asset);
    byName.set(name, asset);
  }
  return {
    nameOf: (file) => byFile.get(file)!.name,
    serve({ site }, name) {
      const known = byName.get(name);
      if (known) return found(known.type, known.content);
      const theme = themeFile(site.theme);
      return name === theme.name ? found(types[".css"]!, theme.text) : undefined;
    },
  };
}

const found = (type: string, body: string | Uint8Array): Answer => ({
  status: 200,
  headers: {
    "content-type": type,
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
  },
  body,
});
