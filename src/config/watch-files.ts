import { existsSync, watch as watchFolder, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";

const settlingMs = 100;

/**
 * Calls back when a file may have changed. Watches the folders, for editors and Kubernetes put a new file in
 * the place of the old one instead of writing into it.
 */
export function watchFiles(files: readonly string[], changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, settlingMs);
  };
  const names = new Set([...files.map((file) => basename(file)), "..data"]);
  // What is not there cannot be watched; whoever reads the file says so.
  const folders = [...new Set(files.map((file) => dirname(file)))].filter((folder) => existsSync(folder));
  const watchers = folders.map((folder): FSWatcher => {
    const watcher = watchFolder(folder, (_event, name) => {
      if (name === null || names.has(name)) soon();
    });
    // A folder that goes away is no reason to stop serving.
    return watcher.on("error", () => watcher.close());
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
