// Comfort in the form of a procedure; without this file every button sends the page and the server answers with a new one.
const ASKED = "form [data-field]";

// One page at a time: what is typed while the server works is never lost, the answer is taken only when nothing changed since.
const states = new WeakMap();

function stateOf(form) {
  if (!states.has(form)) states.set(form, { changes: 0, busy: false, again: null, timer: 0, leaving: null });
  return states.get(form);
}

async function send(form, action) {
  const state = stateOf(form);
  if (state.busy) {
    state.again = action;
    return;
  }
  state.busy = true;
  form.setAttribute("aria-busy", "true");
  const seen = state.changes;
  const data = new FormData(form);
  data.delete("go");
  data.set("do", action);
  // Chosen files stay chosen and go with the page: sent here too, they would arrive twice.
  for (const input of chosenFiles(form)) data.set(input.name, new File([], ""));
  try {
    const response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = [...page.querySelectorAll("form")].find((other) => other.querySelector("[data-field]") && other.getAttribute("action") === form.getAttribute("action"));
    if (!fresh) {
      fallBack(form, action);
      return;
    }
    if (state.changes === seen && !state.leaving) {
      take(form, fresh, action);
    } else {
      // Somebody typed on or goes on: keep the page, only note that the server saved once more.
      const revision = fresh.elements.namedItem("revision");
      if (revision && form.elements.namedItem("revision")) form.elements.namedItem("revision").value = revision.value;
      state.again = state.again ?? "refresh";
    }
  } catch {
    if (action !== "refresh") fallBack(form, action);
  } finally {
    state.busy = false;
    form.removeAttribute("aria-busy");
  }
  if (state.leaving) {
    const { submitter } = state.leaving;
    state.leaving = null;
    // The guard against a second press has taken the held back one for the first.
    delete form.dataset.sent;
    form.requestSubmit(submitter);
    return;
  }
  if (state.again) {
    const next = state.again;
    state.again = null;
    window.clearTimeout(state.timer);
    state.timer = window.setTimeout(() => send(form, next), 400);
  }
}

// The signature's own input is hidden and filled by a script; what it holds is shown only after it was sent.
function chosenFiles(form) {
  return [...form.querySelectorAll('input[type="file"]:not([hidden])')].filter((input) => input.files.length > 0);
}

// The server could not be asked this way: press the button as a browser without this file would.
function fallBack(form, action) {
  const button = document.createElement("button");
  button.type = "submit";
  button.name = "do";
  button.value = action;
  button.formNoValidate = true;
  button.hidden = true;
  form.append(button);
  button.click();
}

function take(form, fresh, action) {
  const focused = document.activeElement;
  const id = form.contains(focused) ? focused.id : "";
  const rows = new Set([...form.querySelectorAll(".rows__row")].map((row) => row.id));
  const chosen = chosenFiles(form);
  form.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  for (const old of chosen) {
    const input = form.querySelector(`input[type="file"][name="${CSS.escape(old.name)}"]`);
    if (input) input.files = old.files;
  }
  prepare(form);
  const added = action.startsWith("add:") ? [...form.querySelectorAll(".rows__row")].find((row) => !rows.has(row.id)) : null;
  const path = action.split(":")[1] ?? "";
  const target = added ?? (id && document.getElementById(id)) ?? document.getElementById(`id_${action.startsWith("remove:") ? path.slice(0, path.lastIndexOf(".")) : path}`);
  target?.focus({ preventScroll: !added });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.('button[name="do"]');
  if (!button || !button.form?.querySelector("[data-field]")) return;
  // A chosen file travels with the page anyway; sending it in the background would only hide how long it takes.
  if ([...button.form.querySelectorAll('input[type="file"]')].some((input) => input.files.length > 0)) return;
  event.preventDefault();
  send(button.form, button.value);
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && event.target.closest(ASKED)) stateOf(form).changes += 1;
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form || !event.target.closest("[data-field][data-live]") || event.target.type === "file") return;
  const state = stateOf(form);
  window.clearTimeout(state.timer);
  state.timer = window.setTimeout(() => send(form, "refresh"), 250);
});

// "Next" pressed while the server still answers waits for it: sent at once it would carry an old revision and be refused.
document.addEventListener("submit", (event) => {
  const state = states.get(event.target);
  if (!state) return;
  window.clearTimeout(state.timer);
  state.again = null;
  if (!state.busy) return;
  event.preventDefault();
  state.leaving = { submitter: event.submitter };
});

// Look-ups: the towns of a postal code, banks and branches.
async function ask(url, parameters) {
  const response = await fetch(`${url}?${new URLSearchParams(parameters)}`, { headers: { Accept: "application/json" } });
  return response.ok ? (await response.json()).places : [];
}

function narrow(text) {
  return text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}

function put(group, part, value) {
  const input = group.querySelector(`[name$=".${part}"]`);
  if (!input) return;
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function offer(box, items, choose) {
  const lead = document.createElement("p");
  lead.textContent = items.length ? box.dataset.many : box.dataset.none;
  const list = document.createElement("ul");
  for (const [label, value] of items) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "found__choice";
    button.textContent = label;
    button.addEventListener("click", () => choose(value, label));
    item.append(button);
    list.append(item);
  }
  box.replaceChildren(lead, ...(items.length ? [list] : []));
}

function say(box, text) {
  const line = document.createElement("p");
  line.textContent = text;
  box.replaceChildren(line);
}

async function findTown(input) {
  const code = narrow(input.value).replace(/[^0-9]/g, "");
  const group = input.closest('[data-lookup="postal"]');
  if (code.length !== 7 || group.dataset.asked === code) return;
  group.dataset.asked = code;
  const box = group.querySelector("[data-found]");
  const places = await ask(group.dataset.url, { code });
  const fill = (place) => {
    put(group, "prefecture", place.prefecture);
    put(group, "city", place.city);
    put(group, "town", place.town);
    say(box, box.dataset.done);
    group.querySelector('[name$=".street"]')?.focus();
  };
  if (places.length === 1) fill(places[0]);
  else offer(box, places.map((place) => [`${place.prefecture}${place.city}${place.town}`, place]), fill);
}

async function findBank(input) {
  const row = input.closest("[data-find]");
  const group = input.closest('[data-lookup="bank"]');
  const box = row.nextElementSibling;
  const query = input.value.trim();
  const bank = row.dataset.find === "branch" ? group.querySelector('[name$=".bank"]').value.trim() : "";
  if (!query || (row.dataset.find === "branch" && !bank)) return;
  const places = await ask(group.dataset.url, bank ? { q: query, bank } : { q: query });
  if (input.value.trim() !== query) return;
  const choose = (code, label) => {
    input.value = code;
    say(box, label);
    input.focus();
  };
  const exact = places.find((place) => place.code === query);
  if (exact) say(box, `${exact.name}（${exact.code}）`);
  else offer(box, places.map((place) => [`${place.name}（${place.code}）`, place.code]), choose);
}

const waiting = new WeakMap();

document.addEventListener("input", (event) => {
  const input = event.target;
  const isTown = input.matches?.('[data-lookup="postal"] [name$=".postal_code"]');
  const isBank = input.matches?.('[data-find] input:not([type="radio"])');
  if (!isTown && !isBank) return;
  window.clearTimeout(waiting.get(input));
  waiting.set(input, window.setTimeout(() => (isTown ? findTown(input) : findBank(input)).catch(() => {}), 300));
});

// The other writing of a year beside a date: 昭和60年 for 1985 and back.
document.addEventListener("input", (event) => {
  const dates = event.target.closest?.("[data-dates]");
  const hint = dates?.parentElement.querySelector("[data-era-hint]");
  if (!hint) return;
  const eras = dates.dataset.dates.split(",").map((item) => item.split(":"));
  const typed = narrow(dates.querySelector('[name$=".year"]').value.trim());
  const chosen = dates.querySelector('[name$=".era"]')?.value ?? "";
  const match = /^(\D*?)(元|\d{1,4})年?$/.exec(typed);
  hint.textContent = match ? otherYear(eras, match[1] || chosen, match[2]) : "";
});

function otherYear(eras, name, year) {
  if (/^\d{4}$/.test(year)) {
    const era = eras.find(([, start]) => Number(year) >= Number(start));
    if (!era) return "";
    const count = Number(year) - Number(era[1]) + 1;
    return `${year}年＝${era[0]}${count === 1 ? "元" : count}年`;
  }
  const era = eras.find(([known]) => known === name || known[0] === name);
  const count = year === "元" ? 1 : Number(year);
  return era && count ? `${era[0]}${year}年＝${Number(era[1]) + count - 1}年` : "";
}

// A signature drawn with a finger becomes the file that is sent.
function pad(box) {
  const canvas = box.querySelector("canvas");
  const input = box.querySelector('input[type="file"]');
  const pen = canvas.getContext("2d");
  let drawing = false;
  Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
  const at = (event) => {
    const area = canvas.getBoundingClientRect();
    return [((event.clientX - area.left) * canvas.width) / area.width, ((event.clientY - area.top) * canvas.height) / area.height];
  };
  const keep = () =>
    canvas.toBlob((blob) => {
      const files = new DataTransfer();
      files.items.add(new File([blob], "signature.png", { type: "image/png" }));
      input.files = files.files;
    }, "image/png");
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => {
    if (drawing) keep();
    drawing = false;
  });
  box.querySelector("[data-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    input.value = "";
  });
}

function prepare(root) {
  for (const box of root.querySelectorAll("[data-pad]")) {
    box.hidden = false;
    pad(box);
  }
}

prepare(document);
