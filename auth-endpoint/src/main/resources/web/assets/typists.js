// Who is typing: each whisper says so for a moment.

const TOLD_EVERY_MS = 2000;
const SHOWN_MS = 3500;

export class Typists {
  #typists = new Map();
  #toldAt = 0;
  #show;

  /** @param show takes the text to show, which is empty if nobody types */
  constructor(show) {
    this.#show = show;
  }

  types(id, name) {
    this.rest(id);
    const timer = setTimeout(() => this.rest(id), SHOWN_MS);
    this.#typists.set(String(id), { name, timer });
    this.#update();
  }

  rest(id) {
    const typist = this.#typists.get(String(id));
    if (typist) {
      clearTimeout(typist.timer);
      this.#typists.delete(String(id));
      this.#update();
    }
  }

  /** Forgets all but those. */
  keep(ids) {
    const kept = new Set(ids.map(String));
    [...this.#typists.keys()].filter((id) => !kept.has(id)).forEach((id) => this.rest(id));
  }

  clear() {
    this.keep([]);
  }

  #update() {
    const names = [...this.#typists.values()].map(({ name }) => name);
    this.#show(names.length === 0 ? '' : `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} typing…`);
  }

  /** Whether it is time to tell the others again that one types. */
  mayTell() {
    const due = Date.now() - this.#toldAt > TOLD_EVERY_MS;
    if (due) {
      this.#toldAt = Date.now();
    }
    return due;
  }

  /** What was typed is sent, so the next typing is new. */
  sent() {
    this.#toldAt = 0;
  }
}
