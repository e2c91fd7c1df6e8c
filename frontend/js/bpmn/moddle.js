// The house's extension attributes (https://madoguchi.example/bpmn), so that the editor keeps and edits them.
const attributes = (...names) => names.map((name) => ({ name, isAttr: true, type: "String" }));

export const moddle = {
  name: "Madoguchi",
  uri: "https://madoguchi.example/bpmn",
  prefix: "madoguchi",
  xml: { tagAlias: "lowerCase" },
  types: [
    {
      name: "Work",
      isAbstract: true,
      extends: ["bpmn:Task"],
      properties: attributes("audience", "dueDays", "dueBusinessDays", "service", "decision"),
    },
    { name: "Ending", isAbstract: true, extends: ["bpmn:EndEvent"], properties: attributes("result") },
    { name: "Timed", isAbstract: true, extends: ["bpmn:TimerEventDefinition"], properties: attributes("businessDays", "rollForward") },
    { name: "Repeated", isAbstract: true, extends: ["bpmn:MultiInstanceLoopCharacteristics"], properties: attributes("collection", "item") },
    { name: "Outcome", superClass: ["Element"], properties: attributes("code", "label", "needsNote") },
    { name: "Parameter", superClass: ["Element"], properties: attributes("name", "value") },
  ],
};
