// Which files are on their way, so that one that is chosen again after a reload goes on where it was.

const NAME = "phien-uploads";
const KEPT_MS = 24 * 3600 * 1000; // as long as the server keeps them
const KEPT_MOST = 100;

export class KeptUploads {
  /**
   * @param {Pick<Storage, "getItem" | "setItem">} storage
   * @param {() => number} now milliseconds
   */
  constructor(storage, now) {
    this.storage = storage;
    this.now = now;
  }

  /** @param {string} print fingerprint of the file @returns {string} its address, or "" */
  find(print) {
    return this.read()[print]?.address ?? "";
  }

  keep(print, address) {
    this.write({ ...this.read(), [print]: { address, at: this.now() } });
  }

  forget(print) {
    const kept = this.read();
    delete kept[print];
    this.write(kept);
  }

  read() {
    let kept;
    try {
      kept = JSON.parse(this.storage.getItem(NAME) ?? "{}");
    } catch {
      return {};
    }
    const since = this.now() - KEPT_MS;
    return Object.fromEntries(Object.entries(kept ?? {}).filter(([, upload]) => upload.at > since));
  }

  write(kept) {
    const youngest = Object.entries(kept).sort(([, one], [, other]) => other.at - one.at).slice(0, KEPT_MOST);
    try {
      this.storage.setItem(NAME, JSON.stringify(Object.fromEntries(youngest)));
    } catch {
      // A full or forbidden storage: the file is sent all the same, and only a reload begins anew.
    }
  }
}
