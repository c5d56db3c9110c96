import { Page } from "../parts/page.tsx";
import { signInAddress } from "./session.ts";

/** What is shown to who has to sign in first. */
export const SignIn = () => (
  <Page title="Sign in" lead="The console is for administrators: accounts of this server that have a role.">
    <div class="card narrow">
      <div class="card-body stack">
        <p>You sign in as everybody does, with a second factor or a passkey, and come back here.</p>
        <div>
          <a class="button primary" href={signInAddress()}>
            Sign in to the console
          </a>
        </div>
        <details>
          <summary>I am the first</summary>
          <p>
            The first owner is made on the command line: <code>ostiary admin create</code>, or by the link that the
            server tells when it starts.
          </p>
        </details>
      </div>
    </div>
  </Page>
);
