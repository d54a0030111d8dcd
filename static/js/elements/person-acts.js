/**
 * Puts the same buttons behind every name of a list, so that the list itself stays small on the line. Each button gets the
 * person's key as its value (and in place of /0/ in what it fetches), and a name that says whom it is about.
 *
 *   <person-acts><template><button type="submit" name="leaves">Ra về</button></template>
 *     <ul><li data-p="12"><span>Trần Thị Bình</span></li></ul></person-acts>
 */
class PersonActs extends HTMLElement {
  connectedCallback() {
    const acts = this.querySelector(":scope > template");
    if (!acts || this.dressed) return;
    this.dressed = true;
    for (const line of this.querySelectorAll("li[data-p]")) {
      const behind = acts.content.cloneNode(true);
      for (const button of behind.querySelectorAll("button")) dress(button, line);
      line.append(behind);
    }
  }
}

/** @param {HTMLButtonElement} button @param {HTMLElement} line */
function dress(button, line) {
  const key = line.dataset.p;
  const name = line.querySelector("span").firstChild.textContent.trim();
  button.id = `${button.name || button.dataset.name}-${key}`;
  if (button.name) button.value = key;
  if (button.hasAttribute("hx-get")) button.setAttribute("hx-get", button.getAttribute("hx-get").replace("/0/", `/${key}/`));
  button.setAttribute("aria-label", `${button.textContent}: ${name}`);
}

customElements.define("person-acts", PersonActs);
