// What a person had going in a panel and must find again after it was replaced: the place scrolled to, what was folded
// open, the focus, and what was typed or ticked but not sent.

const FIELDS = "input[id]:not([type=hidden], [type=file], [type=password]), textarea[id], select[id]";

/** @type {WeakSet<HTMLFormElement>} */
const sentForms = new WeakSet();

/** What was sent with success is no longer a draft. @param {CustomEvent} event of htmx */
export function fieldsWereSent(event) {
  const form = event.detail.elt.closest?.("form");
  if (!form || !event.detail.successful) return;
  sentForms.add(form);
  foldIn(form.closest("details[data-folds-when-sent]"));
}

/** What was unfolded to be written in folds again; the focus goes to what unfolds it, unless it went elsewhere. */
function foldIn(details) {
  if (!details) return;
  const focused = document.activeElement;
  details.open = false;
  if (details.contains(focused) || focused === document.body) details.querySelector("summary").focus({ preventScroll: true });
}

/**
 * @param {HTMLElement} wrapper
 * @returns {() => void} put everything back into the new content
 */
export function rememberPlace(wrapper) {
  const scrolled = [wrapper, ...wrapper.querySelectorAll("[data-keep-scroll][id]")]
    .filter((element) => element.matches("[data-keep-scroll]"))
    .map((element) => ({ element, top: element.scrollTop, left: element.scrollLeft }));
  const folded = [...wrapper.querySelectorAll("details[id]")].map(({ id, open }) => ({ id, open }));
  const drafts = [...wrapper.querySelectorAll(FIELDS)].filter(isDraft);
  const focused = wrapper.contains(document.activeElement) ? document.activeElement.id : "";
  const now = (id) => (id ? wrapper.querySelector(`#${CSS.escape(id)}`) : null);
  return () => {
    for (const { id, open } of folded) now(id)?.toggleAttribute("open", open);
    for (const draft of drafts) takeOver(draft, now(draft.id));
    for (const { element, top, left } of scrolled) (element === wrapper ? wrapper : now(element.id))?.scrollTo({ top, left, behavior: "instant" });
    now(focused)?.focus({ preventScroll: true });
  };
}

function isDraft(field) {
  if (field.form && sentForms.has(field.form)) return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected) && hasChosenDefault(field);
  return field.value !== field.defaultValue;
}

/** A list in which nothing is marked as chosen shows its first entry; that is not a draft. */
function hasChosenDefault(select) {
  return select.selectedIndex > 0 || [...select.options].some((option) => option.defaultSelected);
}

function takeOver(draft, field) {
  if (!field || field.tagName !== draft.tagName || field.type !== draft.type) return;
  if (field.type === "checkbox" || field.type === "radio") field.checked = draft.checked;
  else field.value = draft.value;
}
