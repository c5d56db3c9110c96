import { test } from "node:test";
import { expectFailing, expectUnreadable, expectWritten } from "./support.ts";

test("if takes the first branch whose value is not empty", () => {
  expectWritten([
    ["{{ if .Active }}yes{{ end }}", "yes"],
    ["{{ if .Zero }}yes{{ else }}no{{ end }}", "no"],
    ["{{ if .Empty }}a{{ else if .None }}b{{ else if .Missing }}c{{ else if .Map }}d{{ else }}e{{ end }}", "d"],
    ["{{ if .Zero }}a{{ end }}", ""],
    ["{{ if eq .Age 36 }}{{ if .Active }}both{{ end }}{{ end }}", "both"],
    ["{{ if .Born }}a moment is something{{ end }}", "a moment is something"],
  ]);
});

test("with sets dot to a value that is not empty", () => {
  expectWritten([
    ["{{ with .Map }}{{ .a }}{{ $.Name }}{{ end }}", "1Ada"],
    ["{{ with .None }}a{{ else }}{{ .Name }}{{ end }}", "Ada"],
    ["{{ with .Nothing }}a{{ else with .Age }}{{ . }}{{ else }}c{{ end }}", "36"],
    ["{{ with .Nothing }}a{{ else with .Zero }}b{{ else }}c{{ end }}", "c"],
    ["{{ with $m := .Map }}{{ $m.b }}{{ .a }}{{ end }}", "21"],
  ]);
  expectUnreadable([
    ["{{ with .Nothing }}a{{ else if .Age }}b{{ end }}", /}} is missing before "if"/],
    ["{{ if .Zero }}a{{ else with .Age }}b{{ end }}", /}} is missing before "with"/],
    ["{{ range .None }}a{{ else range .List }}b{{ end }}", /}} is missing before "range"/],
  ]);
});

test("range goes over lists, over maps by the order of their keys, and over numbers", () => {
  expectWritten([
    ["{{ range .List }}[{{ . }}]{{ end }}", "[a][b][c]"],
    ["{{ range $one := .List }}{{ $one }}{{ . }} {{ end }}", "aa bb cc "],
    ["{{ range $at, $one := .List }}{{ $at }}={{ $one }} {{ end }}", "0=a 1=b 2=c "],
    ["{{ range $key, $value := .Map }}{{ $key }}:{{ $value }} {{ end }}", "a:1 b:2 inner:map[x:deep] "],
    ["{{ range .Map }}{{ . }} {{ end }}", "1 2 map[x:deep] "],
    ["{{ range 3 }}{{ . }}{{ end }}{{ range $i := 2 }}{{ $i }}{{ end }}", "01201"],
    ["{{ range .List }}{{ range $.Numbers }}{{ . }}{{ end }},{{ end }}", "312,312,312,"],
    ["{{ range .List }}{{ $.Name }}{{ end }}", "AdaAdaAda"],
  ]);
});

test("range over nothing takes else", () => {
  expectWritten([
    ["{{ range .None }}x{{ else }}none of {{ .Name }}{{ end }}", "none of Ada"],
    ["{{ range .Nothing }}x{{ else }}none{{ end }}{{ range .Missing }}x{{ else }}none{{ end }}", "nonenone"],
    ["{{ range 0 }}x{{ else }}none{{ end }}{{ range -2 }}x{{ end }}", "none"],
  ]);
  expectFailing([
    ["{{ range .Name }}x{{ end }}", /cannot go over a text/],
    ["{{ range .Active }}x{{ end }}", /cannot go over true/],
    ["{{ range .Share }}x{{ end }}", /cannot go over 1.5/],
    ["{{ range $i, $x := 3 }}x{{ end }}", /over a number has one variable/],
  ]);
});

test("break ends the innermost range, continue its turn", () => {
  expectWritten([
    ['{{ range .List }}{{ if eq . "b" }}{{ continue }}{{ end }}{{ . }}{{ end }}', "ac"],
    ['{{ range .List }}{{ if eq . "b" }}{{ break }}{{ end }}{{ . }}{{ end }}', "a"],
    [
      "{{ range .List }}{{ range $.Numbers }}{{ if eq . 1 }}{{ break }}{{ end }}{{ . }}{{ end }}{{ . }}{{ end }}",
      "3a3b3c",
    ],
    ["{{ range .List }}{{ with . }}{{ continue }}{{ end }}never{{ end }}", ""],
  ]);
  expectUnreadable([
    ["{{ break }}", /{{break}} stands outside of {{range}}/],
    ["{{ if .Active }}{{ continue }}{{ end }}", /stands outside/],
    ["{{ range .List }}{{ else }}{{ break }}{{ end }}", /stands outside/],
    ['{{ range .List }}{{ block "b" . }}{{ break }}{{ end }}{{ end }}', /stands outside/],
    ["{{ range .List }}{{ break 1 }}{{ end }}", /}} is missing before "1"/],
  ]);
});

test("variables live until the end of their block, and can be assigned from within", () => {
  expectWritten([
    ["{{ $x := 1 }}{{ $x }}", "1"],
    ["{{ $x := 1 }}{{ if .Active }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"],
    ["{{ $x := 1 }}{{ if .Active }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}", "21"],
    ["{{ $n := 0 }}{{ range .List }}{{ $n = add $n 1 }}{{ end }}{{ $n }}", "3"],
    ["{{ $at := -1 }}{{ $last := `` }}{{ range $at, $last = .List }}{{ end }}{{ $at }}{{ $last }}", "2c"],
    ["{{ $x := .Name | upper | len }}{{ $x }}", "3"],
    ["{{ $m := .Map }}{{ $m.inner.x }}", "deep"],
    ["{{ if $x := .Age }}{{ $x }}{{ end }}{{ if $y := .Zero }}{{ else }}{{ $y }}{{ end }}", "360"],
    ["{{ $ä := 1 }}{{ $ä }}", "1"],
  ]);
  expectFailing([
    ["{{ $x }}", /there is no variable \$x/],
    ["{{ if .Active }}{{ $x := 1 }}{{ end }}{{ $x }}", /there is no variable \$x/],
    ["{{ $x = 1 }}", /there is no variable \$x/],
    ["{{ range $x := .List }}{{ end }}{{ $x }}", /there is no variable \$x/],
    ['{{ $x := 1 }}{{ define "d" }}{{ $x }}{{ end }}{{ template "d" }}', /there is no variable \$x/],
  ]);
  expectUnreadable([
    ["{{ $x, $y := .List }}", /not understood/],
    ["{{ range $i, $x, $y := .List }}{{ end }}", /not understood/],
    ["{{ $x := }}", /a value is missing/],
  ]);
});
