// Work lists by keyboard: j and k move, Enter opens, x selects, n and p turn the page, / searches, ? explains. Never while typing.
import "./keying.js";

const typing = (element) => element?.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.offsetParent !== null);
const opener = (row) => row.querySelector("a[href]");

function move(step) {
  const all = rows();
  if (all.length === 0) return;
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1);
  opener(all[next])?.focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function select() {
  const row = document.activeElement?.closest("[data-row]");
  row?.querySelector("input[type=checkbox]")?.click();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: select,
  n: () => document.querySelector("main a[rel=next]")?.click(),
  p: () => document.querySelector("main a[rel=prev]")?.click(),
  "/": () => document.querySelector("input[type=search]")?.focus(),
  "?": () => document.getElementById("keyboard-help")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

// One box selects all rows of its list.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-select-all]");
  if (!all) return;
  for (const box of all.closest("[data-list]").querySelectorAll("[data-row] input[type=checkbox]")) box.checked = all.checked;
});

// htmx sends the token that the page carries, and announces what changed.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:responseError", (event) => {
  const place = document.getElementById("announcement");
  if (place) place.textContent = `${place.dataset.failed}（${event.detail.xhr.status}）`;
});
