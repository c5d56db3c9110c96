// In the order in which they are preferred where a client takes both alike.
const offers = ["text/html", "application/json"];

interface Range {
  readonly type: string;
  readonly quality: number;
}

/** Reads an Accept header; a range with a parameter other than q matches none of the offers. */
function rangesOf(accept: string): Range[] {
  return accept.split(",").map((part) => {
    const [type = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    const other = parameters.some((parameter) => !parameter.startsWith("q="));
    return { type: other ? "" : type, quality: q ? Number(q.slice(2)) || 0 : 1 };
  });
}

/**
 * Whether a client wants JSON rather than to be treated as a browser that navigates. What fits nothing is taken for a
 * browser, as is an equal wish for both.
 */
export function wantsJson(accept: string | null): boolean {
  if (!accept) return false;
  let best: { offer: string; quality: number; specificity: number } | undefined;
  const ranges = rangesOf(accept);
  for (const offer of offers)
    for (const { type, quality } of ranges) {
      const specificity = fit(type, offer);
      if (specificity === 0 || quality === 0) continue;
      const better = !best || quality > best.quality || (quality === best.quality && specificity > best.specificity);
      if (better) best = { offer, quality, specificity };
    }
  return best?.offer === "application/json";
}

/** How closely a range fits an offer: 3 by name, 2 by its kind, 1 by anything, 0 not at all. */
function fit(range: string, offer: string): number {
  if (range === offer) return 3;
  const [kind, sub] = range.split("/");
  if (sub === "*" && kind !== "*" && offer.startsWith(`${kind}/`)) return 2;
  return range === "*/*" ? 1 : 0;
}
