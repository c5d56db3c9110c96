/** Has the browser keep a text as a file of that name. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Browsers read it once the click is over.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
