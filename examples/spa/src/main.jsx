import { ErrorReason, OstiaryError } from "@ostiary/sdk";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { Login } from "./login.jsx";
import { logout, session } from "./ostiary.js";

function App() {
  /** Undefined until it is known, null for nobody. */
  const [identity, setIdentity] = useState();

  async function look() {
    try {
      setIdentity((await session.toSession({})).session.identity);
    } catch (thrown) {
      const error = OstiaryError.from(thrown);
      // Who has a second factor and has not proved it yet goes on at the server's own pages.
      if (error.is(ErrorReason.SESSION_AAL2_REQUIRED)) location.assign(error.problem.redirectBrowserTo);
      else setIdentity(null);
    }
  }
  useEffect(() => void look(), []);

  async function signOut() {
    const { logoutToken } = await logout.createBrowserLogoutFlow({});
    await logout.updateLogoutFlow({ token: logoutToken });
    setIdentity(null);
  }

  if (identity === undefined) return <p>One moment…</p>;
  if (identity === null) return <Login onSignedIn={look} />;
  return (
    <>
      <h1>Hello, {identity.traits.email}</h1>
      <button onClick={signOut}>Sign out</button>
    </>
  );
}

createRoot(document.querySelector("#app")).render(<App />);
