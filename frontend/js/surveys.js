// Typing in paper sheets by keyboard alone, and dragging opinions to a gist. Both pages work without this file.
const form = document.querySelector("form[data-entry]");

if (form) {
  const inputs = () => [...form.querySelectorAll("input:not([type=hidden]), textarea")];
  const echo = (input) => {
    const options = input.closest(".entry-line")?.querySelectorAll("[data-digit]") ?? [];
    const plain = input.value.normalize("NFKC");
    const typed = new Set(options.length <= 9 && /^\d+$/.test(plain) ? [...plain] : plain.split(/[\s,.、]+/));
    for (const option of options) option.toggleAttribute("data-chosen", typed.has(option.dataset.digit));
  };
  const next = (input, step = 1) => {
    const all = inputs();
    const to = all[all.indexOf(input) + step];
    if (to) {
      to.focus();
      to.select?.();
      return true;
    }
    return false;
  };
  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const input = event.target;
    if (event.key === "Enter" && input.matches("input") && !event.shiftKey) {
      event.preventDefault();
      if (!next(input)) form.requestSubmit();
    } else if (event.key === "Enter" && event.shiftKey && input.matches("input")) {
      event.preventDefault();
      next(input, -1);
    } else if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      if (!next(input)) form.requestSubmit();
    }
  });
  form.addEventListener("input", (event) => {
    const input = event.target;
    echo(input);
    // One digit says it all: the next question follows without Enter.
    if (input.matches("[data-one]") && !event.isComposing && /^[0-9０-９]$/.test(input.value)) next(input);
  });
  for (const input of inputs()) echo(input);
  const wrong = form.querySelector("[aria-invalid=true]");
  const first = wrong ?? form.querySelector(".entry-line input, .entry-line textarea");
  if (!document.querySelector(".error-summary") && first) first.focus();
}

const gather = document.getElementById("gather");

if (gather) {
  const to = gather.querySelector("select[name=to]");
  for (const opinion of gather.querySelectorAll("[data-opinion]")) {
    opinion.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", opinion.dataset.opinion));
  }
  for (const gist of document.querySelectorAll("[data-gist]")) {
    gist.addEventListener("dragover", (event) => {
      event.preventDefault();
      gist.setAttribute("data-over", "");
    });
    gist.addEventListener("dragleave", () => gist.removeAttribute("data-over"));
    gist.addEventListener("drop", (event) => {
      event.preventDefault();
      const box = gather.querySelector(`#o-${CSS.escape(event.dataTransfer.getData("text/plain"))}`);
      if (!box) return;
      box.checked = true;
      to.value = gist.dataset.gist;
      gather.requestSubmit();
    });
  }
}
