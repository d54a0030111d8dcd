/**
 * Offers only those who have not voted: the list of names beside it, which is streamed at every ballot, says who has and
 * when. A person who is chosen already stays chosen; the server says what stands.
 *
 *   <yet-to-vote data-words="{name}: đã biểu quyết lúc {time}"><select>
 *     <option value="7" data-name="Lê Hữu Tùng">Lê Hữu Tùng</option> … </select></yet-to-vote>
 *   <li data-person="7" data-voted-at="09:12">
 */
class YetToVote extends HTMLElement {
  connectedCallback() {
    document.addEventListener("phien:panel", this.follow);
    this.follow();
  }

  disconnectedCallback() {
    document.removeEventListener("phien:panel", this.follow);
  }

  follow = () => {
    const votedAt = new Map();
    for (const { dataset } of document.querySelectorAll("[data-voted-at]")) votedAt.set(dataset.person, dataset.votedAt);
    for (const option of this.querySelectorAll("option[data-name]")) {
      const time = votedAt.get(option.value);
      if (time === undefined || (option.disabled && !option.selected)) continue;
      option.textContent = this.dataset.words.replace("{name}", option.dataset.name).replace("{time}", time);
      option.disabled = !option.selected;
    }
  };
}

customElements.define("yet-to-vote", YetToVote);
