// Choosing all messages of a page at once.
const list = document.querySelector("[data-inbox]");
list?.querySelector("[data-choose-all]")?.addEventListener("click", () => {
  const boxes = [...list.querySelectorAll("input[type=checkbox][name=id]")];
  const all = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !all;
});
