import assert from "node:assert/strict";
import { test } from "node:test";
import { attributes, html } from "@ostiary/pages";

test("whatever is put into a template is escaped, but HTML", () => {
  const evil = `"><script>alert('1')</script>&`;
  const whole =
    html`<a title="${evil}">${evil}${html`<b>${1}</b>`}${[html`<i></i>`, "<"]}${false}${null}${undefined}</a>`.text;
  assert.equal(whole.match(/<script/), null);
  assert.ok(whole.includes("&#34;&#62;&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62;&#38;"));
  assert.ok(whole.endsWith("<b>1</b><i></i>&#60;</a>"));
});

test("attributes are escaped; what is true stands alone, what is not there is left out", () => {
  const written = attributes({ value: `"`, disabled: true, required: false, id: undefined, size: 0 }).text;
  assert.equal(written, ` value="&#34;" disabled size="0"`);
});
