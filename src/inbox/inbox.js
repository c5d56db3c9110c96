// What a page of the inbox does beyond showing: codes are copied, and new messages appear by themselves.
const messages = document.querySelector("#messages");

function enliven(root) {
  for (const button of root.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
  }
}

/** The page itself says how messages are shown: what it has that is not here yet comes first. */
async function showNew() {
  const answer = await fetch(location.pathname);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const items = [...page.querySelectorAll("#messages > li")];
  if (items.length === 0) return;
  messages.querySelector(".empty")?.remove();
  for (const item of items.reverse()) {
    const shown = messages.querySelector(`[data-id="${item.dataset.id}"]`);
    enliven(item);
    if (shown) shown.replaceWith(item);
    else messages.prepend(item);
  }
}

enliven(document);
if (messages) {
  let again;
  const soon = () => {
    clearTimeout(again);
    again = setTimeout(showNew, 50);
  };
  const events = new EventSource(`${location.pathname.replace(/\/$/, "")}/events`);
  events.addEventListener("message", soon);
  // What came while the connection was lost.
  events.addEventListener("open", soon);
}
