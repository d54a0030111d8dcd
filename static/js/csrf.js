// Streamed panels hold no token (one rendering serves everybody), so it is read from its cookie when something is sent.

export function csrfToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

export function startCsrf() {
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("submit", giveToken, true);
}

/** @param {SubmitEvent} event */
function giveToken(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.method !== "post" || form.elements.namedItem("csrfmiddlewaretoken")) return;
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "csrfmiddlewaretoken";
  field.value = csrfToken();
  form.append(field);
}
