/**
 * A day typed as 31/12/2026, with the browser's calendar on a button beside it. Without a script the text field remains.
 *
 *   <day-field data-label="Chọn ngày"><input class="input" value="31/12/2026"><input …time…><template>…icon…</template></day-field>
 */
import { isoOfDay, writtenDay } from "../models/written_day.js";

class DayField extends HTMLElement {
  connectedCallback() {
    if (this.button || !("showPicker" in HTMLInputElement.prototype)) return;
    this.written = this.querySelector("input");
    this.picker = document.createElement("input");
    this.picker.type = "date";
    this.picker.tabIndex = -1;
    this.picker.setAttribute("aria-hidden", "true");
    this.picker.addEventListener("change", this.take);
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button icon calendar";
    this.button.setAttribute("aria-label", this.dataset.label ?? "");
    this.button.append(this.querySelector("template").content.cloneNode(true));
    this.button.addEventListener("click", this.open);
    this.written.after(this.picker, this.button);
  }

  open = () => {
    this.picker.value = isoOfDay(this.written.value);
    this.picker.showPicker();
  };

  take = () => {
    this.written.value = writtenDay(this.picker.value);
    this.written.dispatchEvent(new Event("input", { bubbles: true }));
  };
}

customElements.define("day-field", DayField);
