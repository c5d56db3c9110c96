// Loaded into the replay: a code of an authenticator app that was taken once is refused for the rest of its 30 seconds, also
// where it was taken to set the app up (RFC 6238, 5.2). Walks that use one code twice begin late in such a stretch and go on
// in the next one: no pause within a walk is so long that recorded times no longer fit.
import { registerHooks } from "node:module";

const stepMs = 30_000;
const lateInStep = `await new Promise((done) => setTimeout(done, ${stepMs - 9000} - (Date.now() % ${stepMs})))`;
const nextStep = `await new Promise((done) => setTimeout(done, ${stepMs + 500} - (Date.now() % ${stepMs})))`;
const pauses = [
  ["const p = await w.person('tina')", lateInStep],
  ["const p = await w.person('tilo')", lateInStep],
  ["await m.submit(g, { method: 'totp', totp_code: w.totp(secret) }", nextStep],
  ["await t.submit(g, { method: 'totp', totp_code: w.totp(secret) }", nextStep],
];

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith("/walks/factors.mjs")) return loaded;
    let source = String(loaded.source);
    for (const [call, pause] of pauses) {
      if (!source.includes(call)) throw new Error(`The walks no longer say ${call}.`);
      source = source.replace(call, `${pause}; ${call}`);
    }
    return { ...loaded, source };
  },
});
