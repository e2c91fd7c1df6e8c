// A trial run without a case: choose outcomes, deliver messages, let time pass, and see where the flow stands.
import { area, button, field, make, post } from "./dom.js";

const START = JSON.stringify({ payment: "after", fee: 300, needs_approval: true }, null, 1);

export function makeTrial(modeler, url, getXml) {
  const canvas = modeler.get("canvas");
  const registry = modeler.get("elementRegistry");
  const variables = area(START, () => {}, 5);
  const standing = make("div", { class: "flow", role: "status" });
  const body = make("div", { class: "flow" }, field("変数（JSON）", variables), button("はじめから試す", () => restart()), standing);
  const root = make("details", { class: "disclosure", "data-wide": true }, make("summary", { text: "試しに動かす" }), make("div", { class: "disclosure__body" }, body));
  let choices = [];
  let marked = [];

  function clear() {
    for (const [id, name] of marked) if (registry.get(id)) canvas.removeMarker(id, name);
    marked = [];
  }

  function mark(ids, name) {
    for (const id of ids) {
      if (!registry.get(id)) continue;
      canvas.addMarker(id, name);
      marked.push([id, name]);
    }
  }

  async function restart() {
    choices = [];
    await run();
  }

  async function choose(choice) {
    choices.push(choice);
    if (!(await run())) choices.pop();
  }

  async function run() {
    let given;
    try {
      given = JSON.parse(variables.value || "{}");
    } catch {
      standing.replaceChildren(make("p", { text: "変数がJSONとして読めません。" }));
      return false;
    }
    const found = await post(url, { xml: await getXml(), variables: given, choices });
    clear();
    if (!found.ok) {
      standing.replaceChildren(...found.problem.split("\n").map((line) => make("p", { text: line })));
      return false;
    }
    mark(found.passed, "bpmn-passed");
    mark(found.waiting, "bpmn-now");
    show(found);
    return true;
  }

  function show(found) {
    const parts = [];
    if (found.finished) parts.push(make("p", { class: "strong", text: `終わりました（結果: ${found.result || "なし"}）。` }));
    for (const problem of found.problems) parts.push(make("p", { text: `止まりました　${problem.name}: ${problem.message}` }));
    for (const task of found.tasks) {
      parts.push(make("div", { class: "cluster" }, make("span", { class: "strong", text: task.name }),
        ...task.outcomes.map((item) => button(item.label, () => choose({ element: task.element, outcome: item.code })))));
    }
    if (!found.finished) {
      for (const name of found.messages) parts.push(button(`知らせ「${name}」が届く`, () => choose({ message: name })));
      if (found.timer) parts.push(button(`時刻を進める（${new Date(found.timer).toLocaleString("ja-JP", { timeZone: "Asia/Tokyo" })}）`, () => choose({ time: true })));
    }
    const calls = found.calls.map((call) => make("li", { text: `${call.service ?? `判定 ${call.decision}`}　${JSON.stringify(call.parameters)}` }));
    if (calls.length) parts.push(make("p", { class: "small", text: "呼ばれた処理" }), make("ol", { class: "small" }, ...calls));
    parts.push(make("p", { class: "small quiet", text: `変数: ${JSON.stringify(found.data)}` }));
    standing.replaceChildren(...parts);
  }

  root.addEventListener("toggle", () => root.open || clear());
  return root;
}
