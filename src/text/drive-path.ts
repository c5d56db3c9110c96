/** A path of Windows as it is written in an address (`file:///C:/schema.json`), without the slash that leads to the drive there. */
export function withoutSlashBeforeDrive(path: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? path.replace(/^\/(?=[A-Za-z]:(?:[\\/]|$))/, "") : path;
}
