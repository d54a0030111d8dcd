/**
 * Leaves a small form without sending it: the form goes.
 *
 *   <form>… <close-form><button type="button">Thôi</button></close-form></form>
 */
class CloseForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.close);
    const form = this.closest("form");
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.close);
  }

  close = () => this.closest("form").remove();
}

customElements.define("close-form", CloseForm);
