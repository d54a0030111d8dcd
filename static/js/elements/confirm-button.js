/**
 * Asks in place before a public or destructive act: the first press hides the button and shows the sentence with
 * "confirm" and "cancel" where it stood. Enter confirms, Escape cancels; focus returns to the button.
 * Without a script the button submits at once: the act can still be refused or undone on the server.
 *
 *   <confirm-button data-sentence="The session is closed for everyone." data-confirm="Close the session" data-cancel="Not yet">
 *     <button class="button danger" type="submit">Close</button>
 *   </confirm-button>
 */
class ConfirmButton extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.ask, true);
    this.addEventListener("keydown", this.keys);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.ask, true);
    this.removeEventListener("keydown", this.keys);
    this.cancel({ focus: false });
  }

  get button() {
    return /** @type {HTMLButtonElement} */ (this.querySelector(":scope > button"));
  }

  /** @param {MouseEvent} event */
  ask = (event) => {
    if (!event.target.closest("button") || this.confirmed) return;
    if (event.target.closest(".confirm")) return;
    event.preventDefault();
    event.stopPropagation();
    this.show();
  };

  show() {
    const box = document.createElement("div");
    box.className = "confirm";
    box.setAttribute("role", "group");
    box.dataset.busy = "";
    const sentence = document.createElement("p");
    sentence.textContent = this.dataset.sentence ?? "";
    sentence.id = `confirm-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    const confirm = this.newButton(this.dataset.confirm, this.button.className.replace(/\b(quiet|icon|large|wide)\b/g, ""), this.act);
    const cancel = this.newButton(this.dataset.cancel, "button quiet", () => this.cancel({ focus: true }));
    confirm.setAttribute("aria-describedby", sentence.id);
    box.append(sentence, confirm, cancel);
    this.box = box;
    this.button.hidden = true;
    this.append(box);
    confirm.focus();
  }

  act = () => {
    const button = this.button;
    this.cancel({ focus: false });
    this.confirmed = true;
    button.click();
    this.confirmed = false;
  };

  /** @param {{focus: boolean}} how */
  cancel({ focus }) {
    if (!this.box) return;
    this.box.remove();
    this.box = undefined;
    this.button.hidden = false;
    if (focus) this.button.focus();
  }

  /** @param {KeyboardEvent} event */
  keys = (event) => {
    if (event.key === "Escape" && this.box) {
      event.stopPropagation();
      this.cancel({ focus: true });
    }
  };

  newButton(text, className, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = className;
    button.textContent = text ?? "";
    button.addEventListener("click", act);
    return button;
  }
}

customElements.define("confirm-button", ConfirmButton);
