/**
 * Opens and closes a drawer over the paper. Escape, a tap beside it, following a link in it and opening a paper
 * (the reader's "phien:paper") close it.
 *
 *   <room-drawer><button type="button" aria-expanded="false" aria-controls="agenda">Chương trình</button></room-drawer>
 *   <aside id="agenda" hidden>…</aside>
 */
class RoomDrawer extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.toggle);
    document.addEventListener("pointerdown", this.closeFromOutside);
    document.addEventListener("keydown", this.closeByKey);
    document.addEventListener("phien:paper", this.close);
    this.drawer?.addEventListener("click", this.closeAfterLink);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.toggle);
    document.removeEventListener("pointerdown", this.closeFromOutside);
    document.removeEventListener("keydown", this.closeByKey);
    document.removeEventListener("phien:paper", this.close);
    this.drawer?.removeEventListener("click", this.closeAfterLink);
  }

  get button() {
    return this.querySelector("button");
  }

  get drawer() {
    return document.getElementById(this.button?.getAttribute("aria-controls") ?? "");
  }

  get isOpen() {
    return this.button.getAttribute("aria-expanded") === "true";
  }

  /** @param {boolean} open */
  show(open) {
    this.drawer.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.drawer.querySelector("[aria-current] a, [aria-current] button, a, button")?.focus({ preventScroll: true });
    if (open) this.drawer.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  toggle = () => this.show(!this.isOpen);
  close = () => this.isOpen && this.show(false);

  /** @param {PointerEvent} event */
  closeFromOutside = (event) => {
    if (this.isOpen && !this.drawer.contains(event.target) && !this.contains(event.target)) this.show(false);
  };

  /** @param {KeyboardEvent} event */
  closeByKey = (event) => {
    if (event.key !== "Escape" || !this.isOpen || event.defaultPrevented) return;
    this.show(false);
    this.button.focus();
  };

  /** @param {MouseEvent} event */
  closeAfterLink = (event) => {
    if (event.target.closest("a")) this.show(false);
  };
}

customElements.define("room-drawer", RoomDrawer);
