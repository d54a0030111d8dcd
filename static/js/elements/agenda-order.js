/**
 * Puts agenda items in order by dragging their handle, with mouse, finger or pen; the arrow buttons do the same without it.
 * Only siblings change places. The server answers with the whole section.
 *
 *   <agenda-order><ol><li data-place-url="…/place/" data-place="1" data-parent=""><span class="handle">⠿</span>…</li></ol></agenda-order>
 */
import { placeAfterDrop } from "../models/agenda_order.js";

class AgendaOrder extends HTMLElement {
  connectedCallback() {
    this.addEventListener("pointerdown", this.lift);
  }

  disconnectedCallback() {
    this.removeEventListener("pointerdown", this.lift);
    this.letGo();
  }

  /** @param {PointerEvent} event */
  lift = (event) => {
    const handle = event.target.closest(".handle");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    this.line = handle.closest("li");
    this.line.classList.add("lifted");
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", this.carry);
    handle.addEventListener("pointerup", this.drop);
    handle.addEventListener("pointercancel", this.letGo);
    this.handle = handle;
  };

  get siblings() {
    return [...this.querySelectorAll("li[data-place]")].filter((one) => one.dataset.parent === this.line.dataset.parent);
  }

  /** @param {PointerEvent} event */
  carry = (event) => {
    this.unmark();
    const { over, isAfter } = this.under(event.clientY);
    if (over && over !== this.line) over.classList.add(isAfter ? "goes-after" : "goes-before");
  };

  /** @param {number} y */
  under(y) {
    for (const over of this.siblings) {
      const box = over.getBoundingClientRect();
      if (y < box.bottom) return { over, isAfter: y > box.top + box.height / 2 };
    }
    return { over: this.siblings.at(-1), isAfter: true };
  }

  /** @param {PointerEvent} event */
  drop = (event) => {
    const { line } = this;
    const { over, isAfter } = this.under(event.clientY);
    const to = placeAfterDrop(Number(line.dataset.place), Number(over.dataset.place), isAfter);
    this.letGo();
    if (to === Number(line.dataset.place)) return;
    window.htmx.ajax("POST", line.dataset.placeUrl, { source: line, values: { to }, target: "#agenda", swap: "outerHTML" });
  };

  letGo = () => {
    if (!this.handle) return;
    this.unmark();
    this.line.classList.remove("lifted");
    this.handle.removeEventListener("pointermove", this.carry);
    this.handle.removeEventListener("pointerup", this.drop);
    this.handle.removeEventListener("pointercancel", this.letGo);
    this.handle = undefined;
  };

  unmark() {
    for (const one of this.querySelectorAll(".goes-before, .goes-after")) one.classList.remove("goes-before", "goes-after");
  }
}

customElements.define("agenda-order", AgendaOrder);
