// Only what the engine runs is offered: the palette, the menu that changes an element, and their words in Japanese.
import PaletteProvider from "bpmn-js/lib/features/palette/PaletteProvider";
import ReplaceMenuProvider from "bpmn-js/lib/features/popup-menu/ReplaceMenuProvider";
import { words } from "./words.js";

const NOT_DRAWN = ["create.data-object", "create.data-store", "create.group"];
const REFUSED = /script|transaction|ad-hoc|event-subprocess|complex|signal|escalation|compensation|conditional|link|cancel|data-|parallel-multiple|multiple|terminate-start|timer-start|^toggle-participant/;

class Palette extends PaletteProvider {
  getPaletteEntries(element) {
    const entries = super.getPaletteEntries(element);
    for (const name of NOT_DRAWN) delete entries[name];
    return entries;
  }
}
Palette.$inject = PaletteProvider.$inject;

class ReplaceMenu extends ReplaceMenuProvider {
  getPopupMenuEntries(target) {
    const entries = super.getPopupMenuEntries(target);
    return Object.fromEntries(Object.entries(entries).filter(([name]) => !REFUSED.test(name)));
  }

  getPopupMenuHeaderEntries(target) {
    const entries = super.getPopupMenuHeaderEntries(target);
    return Object.fromEntries(Object.entries(entries).filter(([name]) => name !== "toggle-adhoc"));
  }
}
ReplaceMenu.$inject = ReplaceMenuProvider.$inject;

function translate(template, values = {}) {
  const text = words[template] ?? template;
  return text.replace(/{([^}]+)}/g, (whole, name) => values[name] ?? whole);
}

export const limits = {
  __init__: ["paletteProvider", "replaceMenuProvider"],
  paletteProvider: ["type", Palette],
  replaceMenuProvider: ["type", ReplaceMenu],
  translate: ["value", translate],
};
