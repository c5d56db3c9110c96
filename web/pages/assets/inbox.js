// New messages appear by themselves: the page itself says how they are shown, and what it has that is not here yet comes first.
const messages = document.querySelector("#messages");

async function showNew() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const items = [...page.querySelectorAll("#messages > [data-id]")];
  if (items.length > 0) messages.querySelector(".empty")?.remove();
  for (const item of items.reverse()) {
    const shown = messages.querySelector(`[data-id="${item.dataset.id}"]`);
    if (shown) shown.replaceWith(item);
    else messages.prepend(item);
  }
}

let again;
const soon = () => {
  clearTimeout(again);
  again = setTimeout(showNew, 50);
};
const events = new EventSource(`${location.pathname.replace(/\/$/, "")}/events`);
events.addEventListener("message", soon);
// What came while the connection was lost.
events.addEventListener("open", soon);
