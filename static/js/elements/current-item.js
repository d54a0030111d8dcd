/**
 * Marks the item the room is at, wherever the page lists items: the head panel knows it, the person's own agenda does not.
 *
 *   <current-item></current-item>
 *   somewhere: <div data-current-item="12">…</div>   and   <li data-item="12">…</li>  → gets class "current" and aria-current
 */
class CurrentItem extends HTMLElement {
  connectedCallback() {
    document.addEventListener("phien:panel", this.mark);
    this.mark();
  }

  disconnectedCallback() {
    document.removeEventListener("phien:panel", this.mark);
  }

  mark = () => {
    const known = new Set([...document.querySelectorAll("[data-current-item]")].map((one) => one.dataset.currentItem));
    for (const line of document.querySelectorAll("[data-item]")) {
      const isCurrent = known.has(line.dataset.item);
      if (isCurrent && !line.classList.contains("current")) line.scrollIntoView({ block: "nearest" });
      line.classList.toggle("current", isCurrent);
      if (isCurrent) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    }
  };
}

customElements.define("current-item", CurrentItem);
