const powers = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

/** Bytes of a memory size such as `128MB` (1 KB is 1024 B); undefined if it is none. */
export function parseMemorySize(text: string): number | undefined {
  const match = /^(\d+)(B|KB|MB|GB|TB|PB|EB)$/.exec(text);
  return match ? Number(match[1]) * 1024 ** powers.indexOf(match[2]!) : undefined;
}
