// The builder saves while one types, moves by dragging and by keys, and keeps the preview fresh. Without it every button still works.
const form = () => document.querySelector("[data-builder-form]");
const serialise = (element) => new URLSearchParams(new FormData(element)).toString();

// One request at a time: what changes meanwhile is sent afterwards, so that nothing is lost and revisions stay in order.
let running = null;
let waiting = null;

function say(state) {
  const place = document.getElementById("builder-saved");
  if (!place) return;
  place.dataset.state = state;
  place.textContent = place.dataset[state] ?? place.textContent;
}

async function post(address, body) {
  const answer = await fetch(address, { method: "POST", body, headers: { "X-Requested-With": "builder" }, credentials: "same-origin" });
  if (answer.status >= 500) throw new Error(String(answer.status));
  return { answer, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

function send(mode, submitter = null, address = null) {
  if (running) {
    if (!waiting || mode === "full" || submitter) waiting = { mode: mode === "full" || waiting?.mode === "full" ? "full" : "quiet", submitter: submitter ?? waiting?.submitter, address: address ?? waiting?.address };
    return running;
  }
  running = save(mode, submitter, address).finally(() => {
    running = null;
    const next = waiting;
    waiting = null;
    if (next) send(next.mode, next.submitter, next.address);
  });
  return running;
}

async function save(mode, submitter, address) {
  const element = submitter?.form ?? form();
  if (!element) return;
  const body = new URLSearchParams(new FormData(element));
  if (submitter?.name) body.append(submitter.name, submitter.value);
  const sent = form() ? serialise(form()) : "";
  say("saving");
  try {
    const { answer, page } = await post(address ?? element.action, body);
    if (!page.getElementById("builder")) {
      window.location.assign(answer.url);
      return;
    }
    const refused = answer.status >= 400;
    const untouched = form() && serialise(form()) === sent;
    if ((mode === "full" || answer.status === 409) && untouched) replaceAll(page, answer.url, refused);
    else {
      refresh(page);
      if (mode === "full") waiting ??= { mode: "full", submitter: null, address: null };
    }
    if (!refused) refreshPreview(page);
    else if (answer.status !== 409) say("refused");
  } catch {
    say("failed");
  }
}

// Only what shows the state is exchanged while somebody types: never an input.
function refresh(page) {
  for (const fresh of page.querySelectorAll("[data-live][id]")) document.getElementById(fresh.id)?.replaceWith(document.importNode(fresh, true));
  const revision = page.querySelector("[data-builder-form] [data-revision]");
  const own = form()?.querySelector("[data-revision]");
  if (revision && own) own.value = revision.value;
  for (const hidden of page.querySelectorAll("[data-builder-form] input[name$='~was']")) {
    const mine = form()?.querySelector(`input[name="${CSS.escape(hidden.name)}"]`);
    if (mine) mine.value = hidden.value;
  }
}

function replaceAll(page, address, refused) {
  const focused = document.activeElement;
  const id = focused?.id;
  const open = new Set([...document.querySelectorAll("#builder details[open][id], #builder .palette[open]")].map((item) => item.id || item.closest("[id]")?.id));
  exchange(page, "#builder-head");
  exchange(page, "#builder .builder__edit");
  exchange(page, "#builder-problems");
  const messages = page.querySelector("main > .messages");
  document.querySelector("main > .messages")?.remove();
  if (messages) document.querySelector("main").prepend(document.importNode(messages, true));
  for (const item of document.querySelectorAll("#builder details[id]")) if (open.has(item.id)) item.open = true;
  for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
  if (!refused) history.replaceState(null, "", address);
  restoreFocus(page, id, refused, new URL(address).searchParams.get("at"));
}

function exchange(page, selector) {
  const fresh = page.querySelector(selector);
  if (fresh) document.querySelector(selector)?.replaceWith(document.importNode(fresh, true));
}

function restoreFocus(page, id, refused, at) {
  if (refused) {
    document.querySelector(".error-summary")?.focus();
    return;
  }
  const chosen = at ? document.getElementById(`p-${at.replaceAll(".", "-")}`) : null;
  let same = id && document.getElementById(id);
  if (same?.disabled) same = same.parentElement.querySelector("button:not(:disabled)");
  if (same && !lastWasStructural) same.focus({ preventScroll: true });
  else if (chosen) {
    const first = chosen.querySelector(".panel-edit input:not([type=hidden]), .panel-edit textarea, .flow input:not([type=hidden])") ?? chosen.querySelector("a, input:not([type=hidden]), summary");
    first?.focus({ preventScroll: true });
    chosen.scrollIntoView({ block: "nearest" });
  } else if (same) same.focus({ preventScroll: true });
  lastWasStructural = false;
}
let lastWasStructural = false;

// Typing saves by itself; a choice that changes what else is asked shows the page anew.
document.addEventListener("change", (event) => {
  const element = event.target;
  if (!element.form?.matches("[data-builder-form]") || element.matches("[data-quiet], [name=branch]")) return;
  if (element.dataset.press) {
    lastWasStructural = true;
    send("full", document.getElementById(element.dataset.press));
    return;
  }
  if (element.name === "to" || element.name === "component") return;
  send(element.matches("[data-rebuild]") ? "full" : "quiet");
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-builder-form], [data-builder-travel]") || !window.DOMParser) return;
  event.preventDefault();
  event.stopPropagation();
  lastWasStructural = !event.target.matches("[data-builder-travel]");
  send("full", event.submitter ?? event.target.querySelector("button"), event.target.action);
}, true);

// Opening a question: first what was typed is saved, then the page comes with the other panel.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open]");
  if (!link || event.ctrlKey || event.metaKey || !form()) return;
  event.preventDefault();
  const at = new URL(link.href).searchParams.get("at") ?? "";
  form().elements.at.value = at;
  for (const hidden of document.querySelectorAll("[data-builder-travel] [name=at]")) hidden.value = at;
  lastWasStructural = Boolean(at);
  send("full");
});

function press(name, value) {
  const button = document.createElement("button");
  button.type = "submit";
  button.name = name;
  button.value = value;
  button.hidden = true;
  form().append(button);
  lastWasStructural = true;
  send("full", button).finally(() => button.remove());
}

// Keys: Alt and arrows move the question in focus, Ctrl+Z and Ctrl+Y take back and do again outside of inputs.
document.addEventListener("keydown", (event) => {
  if (!form()) return;
  const field = document.activeElement?.closest("[data-drag]");
  if (event.altKey && field && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    press("do", `${event.key === "ArrowUp" ? "up" : "down"}:${field.dataset.drag}`);
  }
  const typing = document.activeElement?.matches("input:not([type=checkbox]), textarea");
  if ((event.ctrlKey || event.metaKey) && !typing && (event.key === "z" || event.key === "y")) {
    event.preventDefault();
    const button = document.querySelector(`[data-builder-travel] [value=${event.key === "z" ? "undo" : "redo"}]`);
    if (button && !button.disabled) button.click();
  }
});

// Dragging a question onto another, or into an empty step.
let dragged = null;
document.addEventListener("dragstart", (event) => {
  const grip = event.target.closest?.(".outline__grip");
  if (!grip) return;
  dragged = grip.closest("[data-drag]");
  dragged.dataset.dragging = "";
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.drag);
  event.dataTransfer.setDragImage(dragged, 10, 10);
});
function clearDrop() {
  for (const item of document.querySelectorAll("[data-drop]")) delete item.dataset.drop;
}
document.addEventListener("dragover", (event) => {
  if (!dragged) return;
  clearDrop();
  const field = event.target.closest("[data-drag]");
  const step = event.target.closest("[data-step]");
  if (!field && !step) return;
  event.preventDefault();
  if (field && field !== dragged) {
    const box = field.getBoundingClientRect();
    field.dataset.drop = event.clientY < box.top + box.height / 2 ? "before" : "after";
  } else if (step && !field) step.querySelector(".outline__fields").dataset.drop = "end";
});
document.addEventListener("drop", (event) => {
  if (!dragged) return;
  event.preventDefault();
  const target = document.querySelector("[data-drag][data-drop]");
  const step = event.target.closest("[data-step]");
  if (target) {
    const [list, index] = split(target.dataset.drag);
    const [from, old] = split(dragged.dataset.drag);
    let place = index + (target.dataset.drop === "after" ? 1 : 0);
    if (from === list && old < place) place -= 1;
    press("do", `shift:${dragged.dataset.drag}:${list}@${place}`);
  } else if (step) press("do", `shift:${dragged.dataset.drag}:${step.dataset.step}`);
  clearDrop();
});
document.addEventListener("dragend", () => {
  if (dragged) delete dragged.dataset.dragging;
  dragged = null;
  clearDrop();
});
function split(path) {
  const at = path.lastIndexOf(".");
  return [path.slice(0, at), Number(path.slice(at + 1))];
}

// Cells copied from a spreadsheet fill the table from the cell in focus on; arrows go from cell to cell.
document.addEventListener("paste", (event) => {
  const cell = event.target.closest?.("[data-cell]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!cell || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const carrier = document.createElement("input");
  carrier.type = "hidden";
  carrier.name = "pasted";
  carrier.value = text;
  form().append(carrier);
  press("do", `paste:${cell.closest("[data-sheet]").dataset.sheet}:${cell.dataset.cell}`);
});
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("input[data-cell]");
  if (!cell || event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  const [row, column] = cell.dataset.cell.split("@").map(Number);
  const next = cell.closest("table").querySelector(`[data-cell="${row + (event.key === "ArrowUp" ? -1 : 1)}@${column}"]`);
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// The window is not left while something waits to be saved.
window.addEventListener("beforeunload", (event) => {
  if (running || waiting) event.preventDefault();
});

// The preview: language and width, and a fresh copy after every save that keeps what was typed into it.
const frame = document.getElementById("preview");
function refreshPreview(page) {
  if (!frame) return;
  const at = page?.querySelector("#preview")?.getAttribute("src");
  const step = at ? new URL(at, window.location.href).searchParams.get("at") : "";
  frame.contentWindow?.postMessage({ builder: "refresh", step }, window.location.origin);
}
function scale() {
  const holder = frame?.closest("[data-preview-frame]");
  holder?.style.setProperty("--scale", String(holder.clientWidth / 1280));
}
document.addEventListener("click", (event) => {
  const width = event.target.closest("[data-preview-width]");
  if (width && frame) {
    frame.closest("[data-preview-frame]").dataset.width = width.dataset.previewWidth;
    for (const button of document.querySelectorAll("[data-preview-width]")) button.setAttribute("aria-pressed", String(button === width));
    scale();
  }
  const language = event.target.closest("[data-preview-language]");
  if (language && frame) {
    event.preventDefault();
    for (const link of document.querySelectorAll("[data-preview-language]")) link.removeAttribute("aria-current");
    language.setAttribute("aria-current", "true");
    frame.contentWindow?.postMessage({ builder: "language", language: language.dataset.previewLanguage }, window.location.origin);
  }
});
window.addEventListener("resize", scale);
scale();

// Inside the preview: answers are carried by the page, so every change shows the form anew with its conditions.
const inside = () => document.querySelector("[data-preview-page]");
let renewing = 0;
async function renew(changes) {
  const own = inside()?.querySelector("[data-preview-form]");
  if (!own) {
    window.location.reload();
    return;
  }
  const turn = ++renewing;
  // Remembered in the page itself: a fresh copy that is asked for meanwhile keeps the language.
  if (changes.language) for (const input of inside().querySelectorAll("input[name=language]")) input.value = changes.language;
  const body = new URLSearchParams(new FormData(own));
  for (const [name, value] of Object.entries(changes)) body.set(name, value);
  const { page } = await post(window.location.href, body);
  const fresh = page.querySelector("[data-preview-page]");
  if (!fresh || turn !== renewing) return;
  const id = document.activeElement?.id;
  inside().replaceWith(document.importNode(fresh, true));
  if (id) document.getElementById(id)?.focus({ preventScroll: true });
}
if (inside()) {
  window.addEventListener("message", (event) => {
    if (event.origin !== window.location.origin) return;
    if (event.data?.builder === "refresh") renew(event.data.step ? { go: `to:${event.data.step}` } : {});
    if (event.data?.builder === "language") renew({ language: event.data.language });
  });
  document.addEventListener("change", (event) => {
    if (event.target.form?.matches("[data-preview-form]") && event.target.type !== "file") renew({});
  });
}
