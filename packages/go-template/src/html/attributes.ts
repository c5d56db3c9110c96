const links = new Set([
  "action",
  "archive",
  "background",
  "cite",
  "classid",
  "codebase",
  "data",
  "formaction",
  "href",
  "icon",
  "longdesc",
  "manifest",
  "poster",
  "profile",
  "src",
  "usemap",
  "xmlns",
]);

/** What an attribute's value is, as far as that says what a value of a template may be in it. */
export type AttributeKind = "plain" | "link" | "images" | "style" | "program" | "document" | "refresh";

/** The kind of an attribute of an element; both in lower case. */
export function kindOfAttribute(name: string, element: string): AttributeKind {
  // What pages call `data-src`, their programs put into `src`; and a prefix names a vocabulary, as in `xlink:href`.
  const own = name.startsWith("xmlns:") ? "xmlns" : name.replace(/^data-|^[^:]*:/, "");
  if (own.startsWith("on")) return "program";
  if (own === "content" && element === "meta") return "refresh";
  if (own === "style") return "style";
  if (own === "srcset" || own === "imagesrcset") return "images";
  if (own === "srcdoc") return "document";
  return links.has(own) || /src|ur[il]/.test(own) ? "link" : "plain";
}
