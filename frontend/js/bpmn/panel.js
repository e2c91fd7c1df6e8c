// The properties of the selected element: what the engine needs to know, and drawing without a mouse.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { area, button, field, make, select, text } from "./dom.js";

const AUDIENCES = [["", "レーンの名前から決める"], ["staff", "担当"], ["approver", "承認者（審査した人以外）"], ["applicant", "申請者"]];
const GATES = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"];
const APPENDED = [
  ["bpmn:UserTask", "人の作業"], ["bpmn:ServiceTask", "自動処理"], ["bpmn:ReceiveTask", "知らせを待つ"],
  ["bpmn:ExclusiveGateway", "分岐（一つに進む）"], ["bpmn:ParallelGateway", "分岐（すべてに進む）"], ["bpmn:EndEvent", "終了"],
];

export function makePanel(modeler, services) {
  const root = make("section", { class: "bpmn-editor__panel flow", "aria-label": "選んだ要素" });
  const selection = modeler.get("selection");
  const modeling = modeler.get("modeling");
  const registry = modeler.get("elementRegistry");
  const factory = modeler.get("bpmnFactory");

  const set = (element, values) => modeling.updateProperties(element, values);
  const setIn = (element, inner, values) => modeling.updateModdleProperties(element, inner, values);
  const label = (element) => element.businessObject.name || element.id;
  const nodes = () => registry.filter((element) => is(element, "bpmn:FlowNode") && element.type !== "label");

  function extensions(element, type, values) {
    const business = element.businessObject;
    const kept = (business.extensionElements?.values ?? []).filter((item) => !is(item, type));
    const holder = factory.create("bpmn:ExtensionElements", { values: [] });
    holder.values = [...kept, ...values.map((value) => Object.assign(factory.create(type, value), { $parent: holder }))];
    holder.$parent = business;
    set(element, { extensionElements: holder.values.length ? holder : undefined });
  }

  const listed = (element, type, names) =>
    (element.businessObject.extensionElements?.values ?? [])
      .filter((item) => is(item, type))
      .map((item) => Object.fromEntries(names.map((name) => [name, item.get(name)])));

  function rows(element, title, type, names, labels, blank) {
    const items = listed(element, type, names);
    const change = (index, name, value) => extensions(element, type, items.map((item, at) => (at === index ? { ...item, [name]: value } : item)));
    const list = items.map((item, index) =>
      make("li", { class: "bpmn-editor__row" },
        ...names.slice(0, 2).map((name, at) => field(labels[at], text(item[name], (value) => change(index, name, value)))),
        button("消す", () => extensions(element, type, items.filter((_, at) => at !== index)), "text"),
        names[2] && field(labels[2], select([["", "いいえ"], ["true", "はい"]], item[names[2]] ?? "", (value) => change(index, names[2], value || undefined))),
      ));
    return make("fieldset", { class: "field" }, make("legend", { class: "field__label", text: title }),
      make("ul", { class: "bpmn-editor__rows" }, ...list), button("加える", () => extensions(element, type, [...items, blank(items.length + 1)])));
  }

  function userTask(element) {
    const business = element.businessObject;
    return [
      field("だれが", select(AUDIENCES, business.get("madoguchi:audience"), (value) => set(element, { "madoguchi:audience": value || undefined }))),
      rows(element, "結果", "madoguchi:Outcome", ["code", "label", "needsNote"], ["コード", "表示", "理由が要る"], (n) => ({ code: `result${n}`, label: `結果${n}` })),
      field("期限（日数）", text(business.get("madoguchi:dueDays"), (value) => set(element, { "madoguchi:dueDays": value || undefined }), { inputmode: "numeric" }), "翌日から数えます"),
      field("期限（開庁日の日数）", text(business.get("madoguchi:dueBusinessDays"), (value) => set(element, { "madoguchi:dueBusinessDays": value || undefined }), { inputmode: "numeric" })),
    ];
  }

  function serviceTask(element) {
    const business = element.businessObject;
    const chosen = business.get("madoguchi:service") ?? "";
    const options = [["", "選んでください"], ...services];
    if (chosen && !services.some(([key]) => key === chosen)) options.push([chosen, `${chosen}（この窓口にありません）`]);
    return [
      field("サービス", select(options, chosen, (value) => set(element, { "madoguchi:service": value || undefined }))),
      rows(element, "パラメーター", "madoguchi:Parameter", ["name", "value"], ["名前", "値（= で始めるとFEEL）"], (n) => ({ name: `name${n}`, value: "" })),
    ];
  }

  function flow(element) {
    const business = element.businessObject;
    const source = element.source;
    if (!source || !GATES.some((type) => is(source, type))) return [];
    const isDefault = source.businessObject.default === business;
    const change = (value) => set(element, { conditionExpression: value ? factory.create("bpmn:FormalExpression", { body: value }) : undefined });
    return [
      field("条件（FEEL）", area(business.conditionExpression?.body, change), "例: review_outcome = \"accept\" and fee > 0"),
      field("既定の流れ", select([["", "いいえ"], ["yes", "はい（どの条件にも当てはまらないとき）"]], isDefault ? "yes" : "", (value) => set(source, { default: value ? business : undefined }))),
    ];
  }

  const definition = (element, type) => element.businessObject.eventDefinitions?.find((item) => is(item, type));

  function timer(element) {
    const timed = definition(element, "bpmn:TimerEventDefinition");
    if (!timed) return [];
    const kinds = [["timeDuration", "期間（例: P14D, PT36H）"], ["timeDate", "日付（例: 2026-12-01）"], ["timeCycle", "繰り返し（例: R3/P7D）"], ["businessDays", "開庁日の日数"]];
    const kind = timed.get("madoguchi:businessDays") ? "businessDays" : kinds.map(([name]) => name).find((name) => name !== "businessDays" && timed[name]) ?? "timeDuration";
    const value = kind === "businessDays" ? timed.get("madoguchi:businessDays") : timed[kind]?.body;
    const change = (name, body) => setIn(element, timed, {
      timeDuration: undefined, timeDate: undefined, timeCycle: undefined, "madoguchi:businessDays": undefined,
      ...(name === "businessDays" ? { "madoguchi:businessDays": body || "1" } : { [name]: factory.create("bpmn:FormalExpression", { body }) }),
    });
    return [
      field("時刻の決め方", select(kinds, kind, (name) => change(name, ""))),
      field("値", text(value, (body) => change(kind, body)), "日だけの期間は、最後の日が終わったときに進みます"),
      field("最後の日が閉庁日なら次の開庁日へ", select([["", "いいえ"], ["true", "はい"]], timed.get("madoguchi:rollForward"), (body) => setIn(element, timed, { "madoguchi:rollForward": body || undefined }))),
    ];
  }

  function message(element) {
    const business = element.businessObject;
    const holder = definition(element, "bpmn:MessageEventDefinition") ?? (is(element, "bpmn:ReceiveTask") || is(element, "bpmn:SendTask") ? business : null);
    if (!holder) return [];
    const roots = modeler.getDefinitions();
    const change = (name) => {
      let found = roots.rootElements.find((item) => is(item, "bpmn:Message") && item.name === name);
      if (name && !found) {
        found = factory.create("bpmn:Message", { name });
        found.$parent = roots;
        roots.rootElements.push(found);
      }
      setIn(element, holder, { messageRef: name ? found : undefined });
    };
    return [field("知らせの名前", text(holder.messageRef?.name, change), "例: payment.received（納付があった）")];
  }

  function error(element) {
    const holder = definition(element, "bpmn:ErrorEventDefinition");
    if (!holder) return [];
    const roots = modeler.getDefinitions();
    const change = (errorCode) => {
      let found = roots.rootElements.find((item) => is(item, "bpmn:Error") && item.errorCode === errorCode);
      if (errorCode && !found) {
        found = factory.create("bpmn:Error", { name: errorCode, errorCode });
        found.$parent = roots;
        roots.rootElements.push(found);
      }
      setIn(element, holder, { errorRef: errorCode ? found : undefined });
    };
    return [field("エラーのコード", text(holder.errorRef?.errorCode, change), "空なら、どのエラーでも受け止めます")];
  }

  function repeated(element) {
    const loop = element.businessObject.loopCharacteristics;
    if (!loop || !is(loop, "bpmn:MultiInstanceLoopCharacteristics")) return [];
    return [
      field("繰り返す回数（FEEL）", text(loop.loopCardinality?.body, (body) => setIn(element, loop, { loopCardinality: body ? factory.create("bpmn:FormalExpression", { body }) : undefined })), "例: count(members)"),
      field("繰り返す対象（変数）", text(loop.get("madoguchi:collection"), (value) => setIn(element, loop, { "madoguchi:collection": value || undefined }))),
      field("一つずつの名前", text(loop.get("madoguchi:item"), (value) => setIn(element, loop, { "madoguchi:item": value || undefined }))),
    ];
  }

  function own(element) {
    const business = element.businessObject;
    if (is(element, "bpmn:SequenceFlow")) return flow(element);
    if (is(element, "bpmn:ServiceTask")) return serviceTask(element);
    if (is(element, "bpmn:BusinessRuleTask")) return [field("決定表", text(business.get("madoguchi:decision"), (value) => set(element, { "madoguchi:decision": value || undefined })))];
    if (is(element, "bpmn:CallActivity")) return [field("呼び出すプロセスのid", text(business.calledElement, (value) => set(element, { calledElement: value || undefined })))];
    if (is(element, "bpmn:EndEvent")) return [field("結果のコード", text(business.get("madoguchi:result"), (value) => set(element, { "madoguchi:result": value || undefined })), "案件の結果として残ります"), ...error(element)];
    if (["bpmn:UserTask", "bpmn:ManualTask", "bpmn:Task"].includes(element.type)) return userTask(element);
    return [];
  }

  function byKeyboard(element) {
    if (!is(element, "bpmn:FlowNode") && !is(element, "bpmn:SequenceFlow")) return [];
    const parts = [];
    if (is(element, "bpmn:FlowNode") && !is(element, "bpmn:EndEvent")) {
      const append = (type) => {
        if (!type) return;
        const shape = modeler.get("elementFactory").createShape({ type });
        modeler.get("autoPlace").append(element, shape);
        selection.select(shape);
      };
      const connect = (id) => id && modeling.connect(element, registry.get(id));
      const others = nodes().filter((other) => other !== element && !is(other, "bpmn:StartEvent") && other.parent === element.parent);
      parts.push(field("この後に加える", select([["", "選んでください"], ...APPENDED], "", append)));
      parts.push(field("ここからつなぐ", select([["", "選んでください"], ...others.map((other) => [other.id, label(other)])], "", connect)));
    }
    parts.push(button("この要素を消す", () => modeling.removeElements([element])));
    return parts;
  }

  function show(element) {
    const chooser = field("要素を選ぶ", select([["", "（図で選ぶ）"], ...nodes().map((node) => [node.id, label(node)])], element?.id ?? "", (id) => id && selection.select(registry.get(id))));
    const parts = [make("h2", { text: "要素" }), chooser];
    if (element) {
      const target = element.type === "label" ? element.labelTarget : element;
      parts.push(make("p", { class: "small quiet", text: `id: ${target.id}` }));
      parts.push(field(is(target, "bpmn:Lane") ? "名前（課の名前、または「申請者」「承認者」）" : "名前", text(target.businessObject.name, (name) => modeling.updateLabel(target, name))));
      parts.push(...own(target), ...timer(target), ...message(target), ...repeated(target));
      if (!is(target, "bpmn:EndEvent")) parts.push(...error(target));
      parts.push(...byKeyboard(target));
    }
    root.replaceChildren(...parts.filter(Boolean));
  }

  let shown = null;
  modeler.on("selection.changed", ({ newSelection }) => show((shown = newSelection.length === 1 ? newSelection[0] : null)));
  modeler.on("commandStack.changed", () => {
    // Rebuilding under the fingers of somebody who types would lose the place.
    if (!root.contains(document.activeElement) || document.activeElement.matches("button, select")) show(shown && registry.get(shown.id) ? shown : null);
  });
  modeler.on("import.done", () => show(null));
  return root;
}
