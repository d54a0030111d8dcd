// The outline of a paper as a list of buttons; the same list stands in the sheet of contents and under the paper's line in
// the agenda.

import { entryAt, levelled } from "../models/outline.js";

/** @param {{level: number, title: string, page: number|null}[]} entries @returns {HTMLOListElement} */
export function outlineList(entries) {
  const list = document.createElement("ol");
  list.className = "outline";
  list.append(...levelled(entries).map(line));
  return list;
}

function line({ level, title, page }) {
  const row = document.createElement("li");
  row.dataset.level = level;
  const button = document.createElement("button");
  button.type = "button";
  button.disabled = !page;
  const name = document.createElement("span");
  name.textContent = title;
  const where = document.createElement("span");
  where.className = "secondary";
  where.textContent = page ?? "";
  if (page) button.dataset.go = page;
  button.append(name, where);
  row.append(button);
  return row;
}

/** Marks the entry in which a page lies. @param {HTMLElement|null} place @param {number} page */
export function openEntry(place, page) {
  const buttons = [...(place?.querySelectorAll(".outline button[data-go]") ?? [])];
  const at = entryAt(buttons.map((button) => Number(button.dataset.go)), page);
  buttons.forEach((button, i) => {
    if (i === at) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
}
