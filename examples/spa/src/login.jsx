import { ErrorReason, OstiaryError } from "@ostiary/sdk";
import { useEffect, useState } from "react";
import { csrfTokenOf, inputsOf, login } from "./ostiary.js";

/** The form to sign in, as the flow has it. */
export function Login({ onSignedIn }) {
  const [flow, setFlow] = useState();
  const begin = () => login.createBrowserLoginFlow({}).then((answer) => setFlow(answer.flow));
  useEffect(() => void begin(), []);
  if (!flow) return <p>One moment…</p>;

  async function submit(event) {
    event.preventDefault();
    const { identifier, password } = Object.fromEntries(new FormData(event.currentTarget));
    try {
      const method = { case: "password", value: { identifier, password } };
      await login.updateLoginFlow({ flow: flow.id, submission: { csrfToken: csrfTokenOf(flow), method } });
      onSignedIn();
    } catch (thrown) {
      const error = OstiaryError.from(thrown);
      if (error.is(ErrorReason.SUBMISSION_REJECTED)) setFlow(error.flow);
      else if (error.is(ErrorReason.SELF_SERVICE_FLOW_EXPIRED)) begin();
      else throw error;
    }
  }

  return (
    <form onSubmit={submit}>
      <h1>Sign in</h1>
      {flow.ui.messages.map(({ id, text }) => (
        <p key={String(id)} role="alert">{text}</p>
      ))}
      {inputsOf(flow)
        .filter(({ name }) => name === "identifier" || name === "password")
        .map(({ name, label, messages }) => (
          <p key={name}>
            <label>
              {label} <input name={name} type={name === "password" ? "password" : "text"} required />
            </label>
            {messages.map(({ id, text }) => (
              <span key={String(id)} role="alert"> {text}</span>
            ))}
          </p>
        ))}
      <button>Sign in</button> <a href={`${OSTIARY_URL}/ui/registration`}>Create an account</a>
    </form>
  );
}
