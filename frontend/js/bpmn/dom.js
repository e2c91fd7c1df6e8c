// Small helpers to build the editor's panels; texts go in as text, never as markup.
let counter = 0;

export function make(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

export function button(label, onclick, look = "outline") {
  return make("button", { type: "button", class: "button", "data-look": look, "data-size": "small", onclick }, make("span", { text: label }));
}

export function field(label, control, hint = "") {
  const id = `bpmn-field-${(counter += 1)}`;
  control.id = id;
  const parts = [make("label", { class: "field__label", for: id, text: label })];
  if (hint) {
    control.setAttribute("aria-describedby", `${id}-hint`);
    parts.push(make("p", { class: "field__hint", id: `${id}-hint`, text: hint }));
  }
  return make("div", { class: "field" }, ...parts, control);
}

export function text(value, change, options = {}) {
  const input = make("input", { class: "input", type: "text", value: value ?? "", ...options });
  input.addEventListener("change", () => change(input.value.trim()));
  return input;
}

export function area(value, change, rows = 2) {
  const input = make("textarea", { class: "textarea", rows });
  input.value = value ?? "";
  input.addEventListener("change", () => change(input.value.trim()));
  return input;
}

export function select(options, value, change) {
  const input = make("select", { class: "select" }, ...options.map(([key, label]) => make("option", { value: key, text: label, selected: key === (value ?? "") })));
  input.addEventListener("change", () => change(input.value));
  return input;
}

export async function post(url, body) {
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
  const found = await answer.json().catch(() => ({ problem: `受け付けられませんでした（${answer.status}）。` }));
  return { status: answer.status, ok: answer.ok, ...found };
}
