import { createConnectTransport } from "@connectrpc/connect-node";
import { createPublicClients, ErrorReason, OstiaryError } from "@ostiary/sdk";
import express from "express";

const ostiary = process.env.OSTIARY_URL ?? "http://localhost:4433";
const port = Number(process.env.PORT ?? 3000);
const { session } = createPublicClients(createConnectTransport({ baseUrl: ostiary, httpVersion: "1.1" }));

const escape = (text) => String(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** Lets only those on who are signed in; others are sent to sign in, and come back to where they were. */
async function signedIn(req, res, next) {
  try {
    const { session: current } = await session.toSession({}, { headers: { cookie: req.headers.cookie ?? "" } });
    req.identity = current.identity;
    next();
  } catch (thrown) {
    const error = OstiaryError.from(thrown);
    // Who has a second factor and has not proved it is told where to.
    if (error.problem?.redirectBrowserTo) return res.redirect(error.problem.redirectBrowserTo);
    if (!error.is(ErrorReason.SESSION_INACTIVE) && !error.is(ErrorReason.SESSION_REQUIRED)) return next(error);
    const login = new URL("/self-service/login/browser", ostiary);
    login.searchParams.set("return_to", `http://localhost:${port}${req.originalUrl}`);
    res.redirect(login.href);
  }
}

const app = express();
app.get("/", (req, res) => {
  res.send('<!doctype html><title>Example</title><h1>Anybody may read this</h1><p><a href="/members">For members</a></p>');
});
app.get("/members", signedIn, (req, res) => {
  const { email } = req.identity.traits;
  res.send(`<!doctype html><title>Members</title><h1>Hello, ${escape(email)}</h1>
<p><a href="${new URL("/ui/settings", ostiary).href}">Your account</a></p>`);
});
app.listen(port, () => console.log(`http://localhost:${port}`));
