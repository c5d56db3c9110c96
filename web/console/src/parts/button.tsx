import type { ComponentChildren } from "preact";

/** What a button looks like and does. */
export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: "primary" | "plain" | "danger" | "quiet";
  readonly type?: "button" | "submit";
  readonly onPress?: () => void;
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  /** What is read out, where the text alone says too little. */
  readonly label?: string;
}

/** A button. While it is busy it takes no press, and keeps the focus. */
export function Button({ children, kind = "plain", type = "button", onPress, isBusy, isDisabled, label }: ButtonProps) {
  return (
    <button
      class={`button ${kind}`}
      type={type}
      aria-label={label}
      aria-busy={isBusy ? "true" : undefined}
      aria-disabled={isBusy ? "true" : undefined}
      disabled={isDisabled}
      onClick={(event) => {
        if (isBusy) return event.preventDefault();
        onPress?.();
      }}
    >
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export const ButtonLink = ({
  path,
  kind = "plain",
  children,
}: {
  path: string;
  kind?: string;
  children: ComponentChildren;
}) => (
  <a class={`button ${kind}`} href={`/console${path}`}>
    {children}
  </a>
);
