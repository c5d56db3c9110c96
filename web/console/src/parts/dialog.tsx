import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { CallName, RequestOf } from "../calls/http.ts";
import { useAction } from "../calls/use-action.ts";
import { Commands } from "../shell/commands.tsx";
import { Button } from "./button.tsx";
import { TextField } from "./field.tsx";
import { ErrorNote } from "./notes.tsx";

/** A window in front of the page; Escape closes it, and the focus goes back to where it was. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const { current } = dialog;
    const before = document.activeElement as HTMLElement | null;
    current?.showModal();
    return () => {
      current?.close();
      before?.focus?.();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header class="dialog-head">
        <h2 id={id}>{title}</h2>
        <Button kind="quiet" label="Close" onPress={onClose}>
          ✕
        </Button>
      </header>
      {children}
    </dialog>
  );
}

/** What is asked before something happens that is not to happen by mistake. */
export interface ConfirmProps<Name extends CallName> {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the button says. */
  readonly verb: string;
  /** What the button looks like: danger, unless it takes nothing away. */
  readonly kind?: "primary" | "danger";
  /** What has to be typed first; nothing where it is left out. */
  readonly word?: string;
  readonly call: Name;
  readonly request: RequestOf<Name>;
  /** Does it. */
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something happens, and shows it as a command. */
export function Confirm<Name extends CallName>(props: ConfirmProps<Name>) {
  const { title, children, verb, kind = "danger", word, call, request, onConfirm, onClose } = props;
  const [typed, setTyped] = useState("");
  const action = useAction();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (word && typed !== word) return;
    if (await action.run(onConfirm)) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <div class="stack">
          {children}
          {word && (
            <TextField
              label={
                <>
                  Type <code>{word}</code> to go on
                </>
              }
              value={typed}
              onChange={setTyped}
              isMono
            />
          )}
          <ErrorNote error={action.error} />
          <details>
            <summary>Show as command</summary>
            <Commands name={call} request={request} />
          </details>
        </div>
        <footer class="dialog-foot">
          <Button onPress={onClose}>Cancel</Button>
          <Button kind={kind} type="submit" isBusy={action.isBusy} isDisabled={Boolean(word) && typed !== word}>
            {verb}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
