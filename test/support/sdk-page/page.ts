import { ErrorReason, OstiaryError } from "@ostiary/sdk";
import type { AnyFlow } from "@ostiary/sdk";
import { answerFor, pickedPasskey } from "./ceremony.ts";
import { draw, element } from "./draw.ts";
import { kinds } from "./kinds.ts";
import type { Answer, Kind } from "./kinds.ts";
import { submissionOf } from "./submission.ts";
import { who } from "./who.ts";

const show = (...content: readonly Node[]) => document.querySelector("main")!.replaceChildren(...content);

/** Shows a form, and goes on with it by whichever button is pressed. */
function showFlow(kind: Kind, flow: AnyFlow): void {
  const ui = flow.ui!;
  show(...draw(ui));
  const form = document.querySelector("form")!;
  form.noValidate = true;
  const submit = (button: HTMLButtonElement) => {
    // A flow that has come to its end only leads on.
    if (ui.method === "GET") return location.assign(ui.action);
    const submission = submissionOf(form, button);
    // What is shown from here on came after the press.
    show();
    return settled(kind, kind.submit(flow.id, submission));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit((event as SubmitEvent).submitter as HTMLButtonElement);
  });
  const giveAnswer = (name: string, value: string) => {
    const field = form.querySelector<HTMLInputElement>(`[name="${name}"]`)!;
    field.value = value;
    return submit(form.querySelector<HTMLButtonElement>(`[name^="${name.split("_")[0]}_"][name$="_trigger"]`)!);
  };
  form.addEventListener("click", async (event) => {
    const answer = event.target instanceof HTMLButtonElement && (await answerFor(event.target.name).catch(complain));
    if (answer) await giveAnswer(answer.name, answer.value);
  });
  void pickedPasskey().then((answer) => answer && giveAnswer("passkey_login", answer));
}

const complain = (error: Error): undefined =>
  void document.querySelector("main")!.append(element("p", { class: "refused" }, error.name));

/** Goes where an answer leads: another page, the next form, or the same with what is wrong. */
async function settled(kind: Kind, answering: Promise<Answer>): Promise<void> {
  try {
    const { flow, continueWith = [] } = await answering;
    const next = nextPage(continueWith);
    if (next) location.assign(next);
    else showFlow(kind, flow!);
  } catch (thrown) {
    const error = OstiaryError.from(thrown);
    if (error.is(ErrorReason.SUBMISSION_REJECTED)) return showFlow(kind, error.flow!);
    const { redirectBrowserTo, useFlowId } = error.problem ?? {};
    if (redirectBrowserTo) location.assign(redirectBrowserTo);
    else if (useFlowId) location.search = `?flow=${useFlowId}`;
    else show(element("p", { class: "error" }, `${ErrorReason[error.reason]}: ${error.message}`));
  }
}

/** Where the visitor is sent: to prove a new address before anything else. */
function nextPage(continueWith: NonNullable<Answer["continueWith"]>): string | undefined {
  const urls = { showVerificationUi: "", showSettingsUi: "", redirectBrowserTo: "" };
  for (const { action } of continueWith) {
    if (action.case === "redirectBrowserTo") urls.redirectBrowserTo = action.value.redirectBrowserTo;
    if (action.case === "showVerificationUi" || action.case === "showSettingsUi")
      urls[action.case] = action.value.flow?.url ?? "";
  }
  return urls.showVerificationUi || urls.showSettingsUi || urls.redirectBrowserTo || undefined;
}

const kind = kinds[location.pathname.slice(1)];
const query = new URLSearchParams(location.search);
const id = query.get("flow");
if (kind) await settled(kind, id ? kind.get(id) : kind.begin(query));
else show(...(await who()));
