// What pages can do better with a script than without: show a password, copy codes, keep codes tidy, and tell what went wrong with a key.
const find = (id) => document.getElementById(id);

document.addEventListener("click", async ({ target }) => {
  const button = target instanceof Element && target.closest("button");
  if (!button) return;
  const { reveal, copy, done, print } = button.dataset;
  if (reveal !== undefined) {
    const field = find(reveal);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  } else if (copy !== undefined) {
    const lines = [...find(copy).querySelectorAll("code")].map(({ textContent }) => textContent);
    await navigator.clipboard.writeText(lines.length ? lines.join("\n") : find(copy).textContent);
    const before = button.textContent;
    button.textContent = done;
    setTimeout(() => void (button.textContent = before), 2000);
  } else if (print !== undefined) window.print();
});

// A password that is shown is hidden before it is sent, so that browsers know it for one.
document.addEventListener("submit", ({ target }) => {
  for (const button of target.querySelectorAll('[data-reveal][aria-pressed="true"]'))
    find(button.dataset.reveal).type = "password";
});

// Codes are often copied with what stands around them.
document.addEventListener("input", ({ target }) => {
  if (!target.matches("input[data-code]")) return;
  const tidy = target.value.replace(/[\s-]+/g, "");
  if (tidy !== target.value) target.value = tidy;
});

document.addEventListener("ostiary:webauthn-error", (event) => {
  event.preventDefault();
  const told = find("key-error");
  if (!told) return;
  told.hidden = false;
  told.focus();
});
