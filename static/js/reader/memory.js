// Small things of reading that this browser remembers. Where it does not, they are asked for again.

export function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Not remembered, then.
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Where nothing is remembered there is nothing to forget.
  }
}

export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}
