/**
 * Do I see what the presenter shows? Everyone follows until he touches the paper; one tap follows again.
 * `shown` is the latest word of the presenter: {version, page, by, by_name, title?}, or null while nobody presents.
 */
export class Following {
  constructor(me) {
    this.me = me;
    this.isFollowing = true;
    this.isPresenting = false;
    this.shown = null;
  }

  /** @returns {"free" | "following" | "offered" | "presenting"} */
  get state() {
    if (this.isPresenting) return "presenting";
    if (!this.shown?.page) return "free";
    return this.isFollowing ? "following" : "offered";
  }

  /**
   * A word of the presenter. One without a page says that nothing is shown any more: of its version, or, where it names
   * none, at all. Answers where to go, or null.
   */
  hear(word) {
    if (!word?.page) return this.#hearEnd(word?.version);
    this.shown = word;
    if (this.isPresenting && word.by != null && word.by !== this.me) this.isPresenting = false;
    return this.isFollowing && !this.isPresenting ? this.shown : null;
  }

  #hearEnd(version) {
    if (!this.shown || (version && version !== this.shown.version)) return null;
    this.shown = null;
    this.isPresenting = false;
    return null;
  }

  /** I turned a page, scrolled or opened another paper myself. */
  touched() {
    if (this.isPresenting) return;
    this.isFollowing = false;
  }

  /** Answers where to go, or null. */
  follow() {
    this.isPresenting = false;
    this.isFollowing = true;
    return this.shown;
  }

  present() {
    this.isPresenting = true;
    this.isFollowing = false;
  }

  stopPresenting() {
    this.isPresenting = false;
    this.shown = null;
    this.isFollowing = true;
  }
}
