// Keying by hand: c copies the next value, v goes one back, t moves to the button that says it is done. Never while typing.
const list = document.querySelector("[data-keying]");
const typing = (element) => element?.matches("input, select, textarea, [contenteditable]");

if (list) {
  const rows = [...list.querySelectorAll("[data-key-row]")];
  let next = 0;
  const mark = () => rows.forEach((row, place) => {
    row.toggleAttribute("data-copied", place < next);
    row.toggleAttribute("data-next", place === next);
  });
  const keys = {
    c: () => {
      const row = rows[next];
      if (!row) return document.getElementById("keyed")?.focus();
      row.querySelector("[data-copy]").click();
      row.scrollIntoView({ block: "nearest" });
      next += 1;
      mark();
    },
    v: () => {
      next = Math.max(next - 1, 0);
      mark();
    },
    t: () => document.getElementById("keyed")?.focus(),
  };
  mark();
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-copy]")?.closest("[data-key-row]");
    if (!row || !event.isTrusted) return;
    next = rows.indexOf(row) + 1;
    mark();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
