import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTemplate, sprigFunctions as functions } from "@ostiary/go-template";

const zoned = parseTemplate("{{ dateInZone .Layout .Time .Zone }}", { functions });
const inZone = (Layout: string, moment: string, Zone: string) =>
  zoned.execute({ Layout, Time: new Date(moment), Zone });

test("every month and every day of the week has its name, long and short", () => {
  const months = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ];
  for (const [at, name] of months.entries()) {
    const moment = `2023-${String(at + 1).padStart(2, "0")}-09T00:00:00Z`;
    assert.equal(
      inZone("January Jan 01 1", moment, "UTC"),
      `${name} ${name.slice(0, 3)} ${moment.slice(5, 7)} ${at + 1}`,
    );
  }
  const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  for (const [at, name] of days.entries())
    assert.equal(inZone("Monday Mon", `2023-01-0${at + 1}T12:00:00Z`, "UTC"), `${name} ${name.slice(0, 3)}`);
});

test("hours are of a day or of its halves", () => {
  const hours: readonly (readonly [time: string, written: string])[] = [
    ["00:05:09", "00 12 12 AM am 05 5 09 9"],
    ["01:00:00", "01 01 1 AM am 00 0 00 0"],
    ["11:59:59", "11 11 11 AM am 59 59 59 59"],
    ["12:00:00", "12 12 12 PM pm 00 0 00 0"],
    ["23:30:30", "23 11 11 PM pm 30 30 30 30"],
  ];
  for (const [time, written] of hours)
    assert.equal(inZone("15 03 3 PM pm 04 4 05 5", `2024-02-03T${time}Z`, "UTC"), written);
});

test("fractions are of so many digits, or without the zeros at their end", () => {
  const fractions: readonly (readonly [moment: string, written: string])[] = [
    ["2024-02-03T00:00:00.000Z", ".0 .000 .000000||,000"],
    ["2024-02-03T00:00:00.120Z", ".1 .120 .120000|.12|,120"],
    ["2024-02-03T00:00:00.007Z", ".0 .007 .007000|.007|,007"],
  ];
  for (const [moment, written] of fractions) assert.equal(inZone(".0 .000 .000000|.999|,000", moment, "UTC"), written);
});

test("a zone has its offset and its name, in winter and in summer", () => {
  const zones: readonly (readonly [zone: string, moment: string, written: string])[] = [
    ["UTC", "2024-01-01T00:00:00Z", "2024-01-01 00:00 UTC +0000 +00:00 +00 Z Z"],
    ["Europe/Berlin", "2024-01-01T00:00:00Z", "2024-01-01 01:00 CET +0100 +01:00 +01 +0100 +01:00"],
    ["Europe/Berlin", "2024-07-01T00:00:00Z", "2024-07-01 02:00 CEST +0200 +02:00 +02 +0200 +02:00"],
    ["Europe/London", "2024-07-01T23:30:00Z", "2024-07-02 00:30 BST +0100 +01:00 +01 +0100 +01:00"],
    ["America/New_York", "2024-01-01T00:00:00Z", "2023-12-31 19:00 EST -0500 -05:00 -05 -0500 -05:00"],
    ["America/St_Johns", "2024-01-01T00:00:00Z", "2023-12-31 20:30 NST -0330 -03:30 -03 -0330 -03:30"],
    ["Asia/Kathmandu", "2024-01-01T00:00:00Z", "2024-01-01 05:45 +0545 +0545 +05:45 +05 +0545 +05:45"],
    ["Pacific/Kiritimati", "2024-01-01T00:00:00Z", "2024-01-01 14:00 +14 +1400 +14:00 +14 +1400 +14:00"],
  ];
  for (const [zone, moment, written] of zones)
    assert.equal(inZone("2006-01-02 15:04 MST -0700 -07:00 -07 Z0700 Z07:00", moment, zone), written, zone);
});

test("an hour that comes twice is told apart, and one that is left out is not there", () => {
  assert.equal(inZone("15:04 MST", "2024-10-27T00:30:00Z", "Europe/Berlin"), "02:30 CEST");
  assert.equal(inZone("15:04 MST", "2024-10-27T01:30:00Z", "Europe/Berlin"), "02:30 CET");
  assert.equal(inZone("15:04", "2024-03-31T00:59:59Z", "Europe/Berlin"), "01:59");
  assert.equal(inZone("15:04", "2024-03-31T01:00:00Z", "Europe/Berlin"), "03:00");
});

test("years, leap days and the days of a year", () => {
  const days: readonly (readonly [moment: string, written: string])[] = [
    ["0001-01-01T00:00:00Z", "0001 01 001"],
    ["0099-12-31T00:00:00Z", "0099 99 365"],
    ["1900-12-31T00:00:00Z", "1900 00 365"],
    ["2000-02-29T00:00:00Z", "2000 00 060"],
    ["2024-12-31T23:59:59Z", "2024 24 366"],
    ["9999-12-31T23:59:59Z", "9999 99 365"],
  ];
  for (const [moment, written] of days) assert.equal(inZone("2006 06 002", moment, "UTC"), written);
});

test("durations are added as Go reads them", () => {
  const later = parseTemplate('{{ dateModify .By .At | date "2006-01-02 15:04:05.000" }}', { functions });
  const sums: readonly (readonly [duration: string, moment: string])[] = [
    ["24h", "2024-02-29 00:00:00.000"],
    ["-1h30m", "2024-02-27 22:30:00.000"],
    ["1.5h", "2024-02-28 01:30:00.000"],
    ["1m1s1ms", "2024-02-28 00:01:01.001"],
    ["+500us500us", "2024-02-28 00:00:00.001"],
    ["1000000ns", "2024-02-28 00:00:00.001"],
  ];
  for (const [By, moment] of sums)
    assert.equal(later.execute({ By, At: new Date("2024-02-28T00:00:00Z") }), moment, By);
  for (const By of ["", "1", "h", "1d", "1h 1m", "--1h"])
    assert.throws(() => later.execute({ By, At: new Date(0) }), /is no duration/, By);
});
