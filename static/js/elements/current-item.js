/**
 * Counts the items as the person's own agenda does, which may hold closed ones that the head panel, the same for everybody,
 * leaves out: "3/<span data-last-number>4</span>". Marks the item the room is at, wherever the page lists items: the head panel knows it, the person's own agenda does not.
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
    this.count();
    const known = new Set([...document.querySelectorAll("[data-current-item]")].map((one) => one.dataset.currentItem));
    for (const line of document.querySelectorAll("[data-item]")) {
      const isCurrent = known.has(line.dataset.item);
      if (isCurrent && !line.classList.contains("current")) line.scrollIntoView({ block: "nearest" });
      line.classList.toggle("current", isCurrent);
      if (isCurrent) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    }
  };

  count() {
    const own = [...document.querySelectorAll(".room-drawer .agenda > [data-item]:not(.sub) > .number")].at(-1);
    if (!own) return;
    for (const place of document.querySelectorAll("[data-last-number]")) place.textContent = own.textContent.trim();
  }
}

customElements.define("current-item", CurrentItem);
