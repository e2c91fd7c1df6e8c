// Copy, print, open and close all. Buttons that need this file are hidden until it runs.
document.documentElement.dataset.script = "on";
for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source ? source.textContent.trim() : button.dataset.copyText);
  const said = document.getElementById(`${button.id}-said`);
  if (said) said.textContent = button.dataset.said;
}

function toggleAll(button) {
  const open = button.dataset.toggleAll === "open";
  const scope = document.getElementById(button.getAttribute("aria-controls")) ?? document;
  for (const details of scope.querySelectorAll("details")) details.open = open;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.copy !== undefined || button.dataset.copyText !== undefined) copy(button);
  if (button.dataset.print !== undefined) window.print();
  if (button.dataset.toggleAll !== undefined) toggleAll(button);
});

// Paper cannot be opened: everything folded is shown while printing and folded again afterwards.
let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("main details:not([open])")];
  for (const details of unfolded) details.open = true;
});
window.addEventListener("afterprint", () => {
  for (const details of unfolded) details.open = false;
  unfolded = [];
});
