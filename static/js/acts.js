// A panel from which an act was sent is not renewed before its answer is there: the answer would find its button gone,
// and a second press would hit what has taken its place.

/** @type {WeakMap<Element, number>} */
const waiting = new WeakMap();

export function startActs() {
  document.addEventListener("htmx:beforeRequest", hold);
}

/** @param {CustomEvent} event */
function hold(event) {
  const panel = event.target.closest?.("[data-panel]");
  if (!panel) return;
  waiting.set(panel, (waiting.get(panel) ?? 0) + 1);
  panel.dataset.busy = "";
  event.detail.xhr.addEventListener("loadend", () => release(panel));
}

function release(panel) {
  const left = (waiting.get(panel) ?? 1) - 1;
  waiting.set(panel, left);
  if (left === 0) delete panel.dataset.busy;
}
