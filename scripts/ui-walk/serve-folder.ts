// Serves a folder with a single-page app: `node serve-folder.ts <folder> <port> <prefix>`. What is no file is the app, which calls its files by the prefix.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const [folder = ".", port = "0", prefix = ""] = process.argv.slice(2);
const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".css": "text/css",
};

createServer((req, res) => {
  const path = join(folder, normalize(new URL(req.url ?? "/", "http://localhost").pathname).replace(prefix, ""));
  const file = existsSync(path) && statSync(path).isFile() ? path : join(folder, "index.html");
  res.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
  createReadStream(file).pipe(res);
}).listen(Number(port));
