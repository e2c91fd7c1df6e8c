// The editor of workflows. mountBpmnEditor(element, {xml, onChange}) also serves the builder of procedures.
import Modeler from "bpmn-js/lib/Modeler";
import { button, make, post } from "./bpmn/dom.js";
import { moddle } from "./bpmn/moddle.js";
import { limits } from "./bpmn/palette.js";
import { makePanel } from "./bpmn/panel.js";
import { makeTrial } from "./bpmn/trial.js";

const PAUSE = 500;

function download(name, type, content) {
  const link = make("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/**
 * Put the editor into an element. Options: xml; onChange(xml) after every change; check and simulate (addresses that judge
 * and try the XML); save and revision (address and revision of a draft); services ([key, label] pairs).
 * Resolves to {getXml, importXml, save, destroy, modeler}; rejects when the XML cannot be read.
 */
export async function mountBpmnEditor(element, { xml, onChange = () => {}, check = "", simulate = "", save = "", revision = 0, services = [] }) {
  const canvas = make("div", { class: "bpmn-editor__canvas", tabindex: "0", role: "application", "aria-label": "業務フローの図" });
  const said = make("p", { class: "bpmn-editor__said small", role: "status" });
  const findings = make("div", { class: "bpmn-editor__below flow" });
  const file = make("input", { type: "file", accept: ".bpmn,.xml", class: "visually-hidden", "aria-label": "BPMNファイルを取り込む", tabindex: "-1" });
  const bar = make("div", { class: "bpmn-editor__bar", role: "group", "aria-label": "図の操作" });
  const work = make("div", { class: "bpmn-editor__work" }, canvas);
  element.append(bar, work, findings);
  element.dataset.ready = "";

  const modeler = new Modeler({ container: canvas, moddleExtensions: { madoguchi: moddle }, additionalModules: [limits] });
  const getXml = async () => (await modeler.saveXML({ format: true })).xml;
  const stack = modeler.get("commandStack");
  let isDirty = false;
  let timer = 0;
  let marked = [];

  work.append(makePanel(modeler, services));
  if (simulate) element.append(makeTrial(modeler, simulate, getXml));
  if (save) bar.append(button("保存する", () => store(), "solid"));
  bar.append(
    button("元に戻す", () => stack.canUndo() && stack.undo()),
    button("やり直す", () => stack.canRedo() && stack.redo()),
    button("全体を見る", () => fit()),
    button("取り込む", () => file.click()),
    button("BPMNで書き出す", async () => download("workflow.bpmn", "application/xml", await getXml())),
    button("図（SVG）で書き出す", async () => download("workflow.svg", "image/svg+xml", (await modeler.saveSVG()).svg)),
    file,
    said,
  );

  // The palette lies over the left edge: the drawing begins beside it.
  function fit() {
    const plane = modeler.get("canvas");
    const { inner, outer } = plane.viewbox();
    if (!inner.width || !outer.width) return;
    const scale = Math.min(1, (outer.width - 110) / inner.width, (outer.height - 80) / inner.height);
    const [width, height] = [outer.width / scale, outer.height / scale];
    plane.viewbox({ x: inner.x - 85 / scale, y: inner.y - (height - inner.height) / 2, width, height });
  }

  async function importXml(text) {
    await modeler.importXML(text);
    fit();
    await judge();
  }

  async function judge() {
    if (!check) return;
    const found = await post(check, { xml: await getXml() });
    for (const id of marked) if (modeler.get("elementRegistry").get(id)) modeler.get("canvas").removeMarker(id, "bpmn-fault");
    marked = [];
    if (!found.ok) return void findings.replaceChildren(make("h2", { text: "点検" }), make("p", { text: found.problem }));
    const items = found.findings.map((item) => make("li", {}, link(item), make("span", { text: `（${item.kind}）${item.reasons.join("")}` })));
    const words = found.supported ? `${found.total}個の要素は、すべてそのまま動かせます。` : `動かせない要素が${items.length}個あります。`;
    findings.replaceChildren(make("h2", { text: "点検" }), make("p", { text: words }), make("ul", { class: "bpmn-editor__findings" }, ...items));
    for (const item of found.findings) {
      if (!modeler.get("elementRegistry").get(item.id)) continue;
      modeler.get("canvas").addMarker(item.id, "bpmn-fault");
      marked.push(item.id);
    }
  }

  function link(item) {
    const go = () => {
      const target = modeler.get("elementRegistry").get(item.id);
      if (!target) return;
      modeler.get("selection").select(target);
      modeler.get("canvas").scrollToElement(target);
      canvas.focus();
    };
    return make("button", { type: "button", class: "link", onclick: go, text: item.name || item.id });
  }

  async function store() {
    const found = await post(save, { xml: await getXml(), revision });
    if (!found.ok) {
      said.textContent = found.problem;
      return false;
    }
    revision = found.revision;
    isDirty = false;
    said.textContent = "保存しました。";
    return true;
  }

  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    try {
      await importXml(await chosen.text());
      said.textContent = `「${chosen.name}」を取り込みました。${save ? "まだ保存していません。" : ""}`;
      isDirty = true;
      onChange(await getXml());
    } catch (error) {
      said.textContent = `「${chosen.name}」は読めません（${error.message}）。`;
    }
    file.value = "";
  });

  modeler.on("commandStack.changed", () => {
    isDirty = true;
    said.textContent = save ? "保存していない変更があります。" : "";
    window.clearTimeout(timer);
    timer = window.setTimeout(async () => {
      onChange(await getXml());
      await judge();
    }, PAUSE);
  });

  const guard = (event) => isDirty && save && event.preventDefault();
  window.addEventListener("beforeunload", guard);
  const destroy = () => {
    window.removeEventListener("beforeunload", guard);
    window.clearTimeout(timer);
    modeler.destroy();
    delete element.dataset.ready;
  };
  try {
    await importXml(xml);
  } catch (error) {
    said.textContent = `図を読めません（${error.message}）。XMLを直すか、ファイルを取り込んでください。`;
  }
  return { getXml, importXml, save: store, destroy, modeler };
}

for (const element of document.querySelectorAll("[data-bpmn-editor]")) {
  const source = element.querySelector("[data-bpmn-xml]");
  const { check, simulate, save, revision, services, serviceLabels } = element.dataset;
  const labels = (serviceLabels ?? "").split("|");
  const pairs = (services ?? "").split(" ").filter(Boolean).map((key, index) => [key, labels[index] || key]);
  mountBpmnEditor(element, {
    xml: source.value, check, simulate, save, revision: Number(revision ?? 0), services: pairs,
    onChange: (xml) => {
      source.value = xml;
      source.dispatchEvent(new Event("change", { bubbles: true }));
    },
  });
}
