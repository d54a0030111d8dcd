// Streamed panels: every [data-stream][data-panel] in the page is kept as the server last rendered it.
//
//   <div class="panel" data-stream="room:…:floor" data-panel="head">…</div>
//
// Optional on the wrapper: data-epoch and data-seq, which say how new its content is. After each change the wrapper sends a
// bubbling "phien:panel" {stream, panel, seq}. Nothing is changed under the hands of someone who writes or presses in it.

import { PanelShelf } from "../models/panel_shelf.js";
import { fieldsWereSent, rememberPlace } from "./panel_place.js";

const WRAPPERS = "[data-stream][data-panel]";
const WRITTEN_IN = `textarea, select, [contenteditable]:not([contenteditable="false"]), input:not([type=button], [type=submit],
  [type=reset], [type=image], [type=checkbox], [type=radio], [type=range], [type=color])`;
// On touch screens the click comes some time after the finger has left, and must still find its button.
const CLICK_FOLLOWS_WITHIN_MS = 100;

export class Panels {
  #connection;
  #root;
  #shelf = new PanelShelf();
  /** @type {Map<string, () => void>} */
  #listening = new Map();
  /** @type {WeakSet<Element>} */
  #followed = new WeakSet();
  /** @type {Element|null} */
  #pressed = null;
  #observer = new MutationObserver((changes) => this.#notice(changes));

  /** @param {import("./connection.js").Connection} connection @param {HTMLElement} root */
  constructor(connection, root) {
    this.#connection = connection;
    this.#root = root;
  }

  start() {
    const watched = { subtree: true, childList: true, attributes: true, attributeFilter: ["data-busy", "data-stream", "open"] };
    this.#observer.observe(this.#root, watched);
    this.#root.addEventListener("focusout", () => this.#showSoon(0));
    this.#root.addEventListener("pointerdown", (event) => this.#press(event), true);
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => this.#letGo(), true);
    this.#root.addEventListener("htmx:afterRequest", fieldsWereSent);
    this.#follow();
  }

  /** Listen to the streams the page shows now, and to no others. */
  #follow() {
    const streams = byStream(this.#wrappers());
    for (const [stream, stop] of this.#listening) {
      if (streams.has(stream)) continue;
      stop();
      this.#listening.delete(stream);
    }
    for (const [stream, wrappers] of streams) {
      const added = wrappers.filter((wrapper) => !this.#followed.has(wrapper));
      added.forEach((wrapper) => this.#followed.add(wrapper));
      if (!this.#listening.has(stream)) this.#listening.set(stream, this.#listen(stream, wrappers));
      else added.filter(isOutermost).forEach((wrapper) => this.#connection.askSince(stream, shownBy(wrapper).seq));
    }
  }

  #listen(stream, wrappers) {
    const onPanels = (panels, seq, { epoch, isReset }) => this.#arrive(stream, panels, { seq, epoch, isReset });
    return this.#connection.listen(stream, { onPanels, known: knownOf(wrappers) });
  }

  #wrappers() {
    return [...this.#root.querySelectorAll(WRAPPERS)];
  }

  #arrive(stream, panels, { seq, epoch, isReset }) {
    for (const wrapper of this.#wrappers()) {
      if (wrapper.dataset.stream !== stream) continue;
      const html = panels[wrapper.dataset.panel];
      if (html !== undefined) this.#shelf.put(wrapper, { html, seq, epoch, isReset }, shownBy(wrapper));
    }
    this.#showWaiting();
  }

  #showWaiting() {
    for (const wrapper of this.#shelf.wrappers) {
      if (wrapper.isConnected && this.#isHeld(wrapper)) continue;
      const arrival = this.#shelf.take(wrapper);
      if (wrapper.isConnected) show(wrapper, arrival);
    }
  }

  #isHeld(wrapper) {
    if (wrapper.matches("[data-busy]") || wrapper.querySelector("[data-busy], dialog[open]")) return true;
    if (this.#pressed && wrapper.contains(this.#pressed)) return true;
    const focused = document.activeElement;
    return wrapper.contains(focused) && focused.matches(WRITTEN_IN);
  }

  #press(event) {
    this.#pressed = event.target;
  }

  #letGo() {
    const pressed = this.#pressed;
    setTimeout(() => {
      if (this.#pressed === pressed) this.#pressed = null;
      this.#showWaiting();
    }, CLICK_FOLLOWS_WITHIN_MS);
  }

  #showSoon(ms) {
    setTimeout(() => this.#showWaiting(), ms);
  }

  #notice(changes) {
    if (changes.some(touchesWrappers)) this.#follow();
    if (this.#shelf.wrappers.length > 0) this.#showSoon(0);
  }
}

function show(wrapper, { html, seq, epoch }) {
  const returnToPlace = rememberPlace(wrapper);
  wrapper.innerHTML = html;
  Object.assign(wrapper.dataset, { seq: String(seq), epoch });
  returnToPlace();
  window.htmx?.process(wrapper);
  const detail = { stream: wrapper.dataset.stream, panel: wrapper.dataset.panel, seq };
  wrapper.dispatchEvent(new CustomEvent("phien:panel", { bubbles: true, detail }));
}

/** A wrapper that came later may have been rendered before what has passed by; one inside a panel came with that panel. */
function isOutermost(wrapper) {
  return !wrapper.parentElement.closest(`[data-stream="${CSS.escape(wrapper.dataset.stream)}"][data-panel]`);
}

function shownBy({ dataset }) {
  return { seq: dataset.seq ? Number(dataset.seq) : null, epoch: dataset.epoch ?? null };
}

/** Where to resume: the oldest content decides; one wrapper that does not say asks for everything. */
function knownOf(wrappers) {
  const shown = wrappers.map(shownBy);
  const { epoch } = shown[0];
  if (shown.some((each) => each.seq === null || each.epoch === null || each.epoch !== epoch)) return null;
  return [epoch, Math.min(...shown.map((each) => each.seq))];
}

function byStream(wrappers) {
  const streams = new Map();
  for (const wrapper of wrappers) {
    const { stream } = wrapper.dataset;
    streams.set(stream, [...(streams.get(stream) ?? []), wrapper]);
  }
  return streams;
}

function touchesWrappers(change) {
  if (change.attributeName === "data-stream") return true;
  const nodes = [...change.addedNodes, ...change.removedNodes].filter((node) => node.nodeType === Node.ELEMENT_NODE);
  return nodes.some((node) => node.matches(WRAPPERS) || node.querySelector(WRAPPERS));
}
