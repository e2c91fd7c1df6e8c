// The error summary takes the focus, a form sends itself once, and unsaved answers are not lost by accident.
document.querySelector(".error-summary")?.focus();

const dirty = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.guard !== undefined) dirty.add(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  dirty.delete(form);
  if (form.method !== "post") return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  window.setTimeout(() => delete form.dataset.sent, 4000);
});

window.addEventListener("beforeunload", (event) => {
  if (dirty.size > 0) event.preventDefault();
});

// The page may come back from the browser's memory after "back".
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// <select data-submit> or a filter's field sends its form when it changes; the button stays for those without JavaScript.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-submit]")) event.target.form?.requestSubmit();
});

// <textarea maxlength data-count="ID"> says how many characters are left.
document.addEventListener("input", (event) => {
  const counter = event.target.dataset?.count && document.getElementById(event.target.dataset.count);
  if (counter) counter.textContent = String(event.target.maxLength - event.target.value.length);
});
