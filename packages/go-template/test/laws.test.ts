import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTemplate, sprigFunctions as functions } from "@ostiary/go-template";
import fc from "fast-check";

const asked = Number(process.env["OSTIARY_PROPERTY_RUNS"] ?? 0);
const runs = asked > 0 ? { numRuns: asked } : { numRuns: 300, seed: 7 };

const text = fc.string({ unit: "binary" });
const whole = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 12 });

/** Holds for any value that a template writes what JavaScript says. */
function writes<Value>(
  source: string,
  values: fc.Arbitrary<Value>,
  expected: (value: Value) => string,
  html = false,
): void {
  const template = parseTemplate(source, { functions, html });
  fc.assert(
    fc.property(values, (value) =>
      assert.equal(template.execute({ V: value }), expected(value), JSON.stringify(value)),
    ),
    runs,
  );
}

test("text is written as it is, and quoted as JSON where nothing in it is Go's own", () => {
  writes("{{ .V }}{{ print .V }}", text, (value) => value + value);
  writes("{{ quote .V }}", fc.stringMatching(/^[ -~]*$/), (value) => JSON.stringify(value));
  writes('{{ printf "%s" .V | len }}', text, (value) => String(Buffer.byteLength(value)));
});

test("whole numbers are written and added as in JavaScript", () => {
  writes('{{ .V }} {{ printf "%d" .V }} {{ printf "%v" .V }}', whole, (value) => `${value} ${value} ${value}`);
  writes('{{ printf "%x %o %b" .V .V .V }}', whole, (value) =>
    [16, 8, 2].map((base) => value.toString(base)).join(" "),
  );
  writes(
    "{{ add .V 1 }} {{ mul .V 2 }} {{ div .V 7 }} {{ mod .V 7 }}",
    whole,
    (value) => `${value + 1} ${value * 2} ${Math.trunc(value / 7) + 0} ${(value % 7) + 0}`,
  );
  writes("{{ if lt .V 0 }}below{{ else if eq .V 0 }}zero{{ else }}above{{ end }}", whole, (value) =>
    value < 0 ? "below" : value === 0 ? "zero" : "above",
  );
});

test("%f keeps as many digits as it is told, and %e and %g lose none", () => {
  const fraction = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0);
  const template = parseTemplate('{{ printf "%.3f %.17g %.16e %g" .V .V .V .V }}');
  const property = fc.property(fraction, (value) => {
    const [rounded, ...exact] = template.execute({ V: value }).split(" ").map(Number) as [number, ...number[]];
    assert.ok(Math.abs(rounded - value) <= 0.000_500_1);
    assert.deepEqual(
      exact.map((one) => one + 0),
      [value, value, value],
    );
  });
  fc.assert(property, runs);
});

test("lists are gone through, cut and joined as in JavaScript", () => {
  writes("{{ range $i, $x := .V }}{{ $i }}:{{ $x }},{{ end }}", numbers, (value) =>
    value.map((x, i) => `${i}:${x},`).join(""),
  );
  writes('{{ join "," .V }}', numbers, (value) => value.join(","));
  writes(
    "{{ range .V }}{{ if eq . 0 }}{{ break }}{{ end }}{{ if lt . 0 }}{{ continue }}{{ end }}{{ . }} {{ end }}",
    numbers,
    (value) => {
      const end = value.indexOf(0);
      return (end < 0 ? value : value.slice(0, end))
        .filter((x) => x > 0)
        .map((x) => `${x} `)
        .join("");
    },
  );
  writes('{{ rest .V | join "," }}|{{ initial .V | join "," }}|{{ reverse .V | join "," }}', numbers, (value) =>
    [value.slice(1), value.slice(0, -1), value.toReversed()].map((list) => list.join(",")).join("|"),
  );
  writes("{{ uniq .V }}", numbers, (value) => `[${[...new Set(value)].join(" ")}]`);
});

test("what is split is joined again, what is encoded decoded", () => {
  writes('{{ splitList "," .V | join "," }}', text, (value) => value);
  writes("{{ b64enc .V | b64dec }}", text, (value) => value);
  writes("{{ (toJson .V | fromJson) }}", text, (value) => value);
  writes("{{ urlquery .V }}", text, (value) =>
    new URLSearchParams({ v: value }).toString().slice(2).replaceAll("*", "%2A").replaceAll("%7E", "~"),
  );
});

test("patterns are found as by JavaScript where they mean the same", () => {
  const letters = fc.stringMatching(/^[abx]{0,12}$/);
  writes('{{ regexReplaceAll "a(b*)" .V "<$1>" }}', letters, (value) => value.replace(/a(b*)/g, "<$1>"));
  writes('{{ regexFindAll "b+" .V -1 }}', letters, (value) => `[${(value.match(/b+/g) ?? []).join(" ")}]`);
  writes('{{ regexSplit "x" .V -1 | join "," }}', letters, (value) => value.split("x").join(","));
});

test("times are read as they are written", () => {
  const moments = fc.date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59Z"),
    noInvalidDate: true,
  });
  for (const layout of [
    "2006-01-02T15:04:05.000Z07:00",
    "Mon, 02 Jan 2006 15:04:05.000 -0700",
    "Monday, January 2, 2006 at 3:04:05.000 PM",
    "02.01.2006 15:04:05,000",
  ])
    writes(`{{ date "${layout}" .V | toDate "${layout}" | unixEpoch }}`, moments, (value) =>
      String(Math.floor(value.getTime() / 1000)),
    );
  writes('{{ date "2006-01-02T15:04:05.000Z07:00" .V }}', moments, (value) => value.toISOString());
});

test("a value in a link changes neither where it leads nor what else it says", () => {
  const template = parseTemplate('<a href="https://x.example/a/{{ .V }}/b?c={{ .V }}&amp;d=1#e{{ .V }}">', {
    html: true,
  });
  const property = fc.property(text, (value) => {
    const [, href] = /^<a href="([^"]*)">$/.exec(template.execute({ V: value })) ?? assert.fail(value);
    const url = new URL(
      href!.replaceAll("&amp;", "&").replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
    );
    assert.equal(url.origin, "https://x.example");
    if (!/[?#]/.test(value)) {
      assert.equal(url.searchParams.get("c"), value.toWellFormed());
      assert.equal(url.searchParams.get("d"), "1");
    }
  });
  fc.assert(property, runs);
});

test("any text stays text in HTML, between tags and within attributes", () => {
  const shown = (value: string) =>
    value.replace(/[&<>"'`\0]/g, (sign) =>
      sign === "\0" ? "\uFFFD" : ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" }[sign] ?? `&#${sign.charCodeAt(0)};`),
    );
  writes('<p title="{{ .V }}">{{ .V }}</p>', text, (value) => `<p title="${shown(value)}">${shown(value)}</p>`, true);
});
