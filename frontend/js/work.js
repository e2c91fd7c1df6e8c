// The work list opens a case beside itself on wide screens; a record says who else looks, and lets its way back expire.
const WIDE = window.matchMedia("(width >= 72rem)");
const place = document.querySelector("[data-pane-place]");
const frame = document.querySelector("[data-beside]");
let opener = null;

async function open(link) {
  place.setAttribute("aria-busy", "true");
  const answer = await fetch(link.dataset.pane, { headers: { "X-Requested-With": "fetch" } });
  place.removeAttribute("aria-busy");
  // Whatever cannot be shown beside the list (signed out, refused) is a page of its own.
  if (!answer.ok || answer.redirected) return void window.location.assign(link.href);
  place.innerHTML = await answer.text();
  place.hidden = false;
  frame.dataset.open = "";
  opener = link;
  for (const row of document.querySelectorAll("[data-row][aria-current]")) row.removeAttribute("aria-current");
  link.closest("[data-row]").setAttribute("aria-current", "true");
  place.scrollTop = 0;
  place.querySelector("[data-pane-title]")?.focus();
  watch(place);
}

function close() {
  place.hidden = true;
  place.replaceChildren();
  delete frame.dataset.open;
  document.querySelector("[data-row][aria-current]")?.removeAttribute("aria-current");
  opener?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-pane]");
  if (link && place && WIDE.matches && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    open(link).catch(() => window.location.assign(link.href));
  }
  if (event.target.closest("[data-pane-close]")) close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && place && !place.hidden && !document.querySelector("dialog[open]")) close();
});

// While a record is open and visible, it says so every half minute and learns who else has it open.
const EVERY = 30_000;
const timers = new WeakMap();

function watch(scope) {
  const line = scope.querySelector("[data-presence]");
  if (!line || timers.has(line)) return;
  const said = line.querySelector("[data-onlookers]");
  timers.set(line, window.setInterval(async () => {
    if (!line.isConnected) return window.clearInterval(timers.get(line));
    if (document.hidden) return;
    const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
    const answer = await fetch(line.dataset.presence, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
    if (!answer?.ok) return;
    const { others } = await answer.json();
    const text = others.length ? said.dataset.said.replace("%names%", others.join("さん、")) : "";
    if (said.textContent !== text) said.textContent = text;
  }, EVERY));
}

watch(document);

// A wide drawing shows the place where the case stands.
document.addEventListener("toggle", (event) => {
  const drawing = event.target.querySelector?.(".flow-scroll");
  const now = drawing?.querySelector("[data-state=now]");
  if (!event.target.open || !now) return;
  const shift = now.getBoundingClientRect().left - drawing.getBoundingClientRect().left;
  drawing.scrollLeft += shift - drawing.clientWidth / 2 + now.getBoundingClientRect().width / 2;
}, true);

for (const form of document.querySelectorAll("[data-expires]")) {
  window.setTimeout(() => form.remove(), Number(form.dataset.expires) * 1000);
}
