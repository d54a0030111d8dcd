/**
 * "I am leaving": offered to whoever is checked in.
 *
 *   <leave-room data-meeting="<uuid>" hidden><confirm-button …><button type="button">…</button></confirm-button></leave-room>
 */
import { presenceIn } from "../models/presence.js";
import { connection } from "../realtime/connection.js";
import { ownPresence } from "./check-in.js";

class LeaveRoom extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.leave);
    document.addEventListener("phien:panel", this.dress);
    this.dress();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.leave);
    document.removeEventListener("phien:panel", this.dress);
  }

  dress = () => {
    this.hidden = !presenceIn(ownPresence(this.dataset.meeting)).isThere;
  };

  /** Hears the button only once confirm-button lets its press through. @param {MouseEvent} event */
  leave = (event) => {
    if (!event.target.closest("confirm-button > button")) return;
    connection.perform("check_out", { meeting: this.dataset.meeting }).then(() => (this.hidden = true), () => undefined);
  };
}

customElements.define("leave-room", LeaveRoom);
