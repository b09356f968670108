// The field "until when": a list of ends, and a field for an own time that is there when it was picked.
import { byId, fillSelect } from './dom.js';
import { endOf, fieldValue } from './times.js';

const ENDS = {
  '': 'I change it',
  30: '30 minutes',
  60: '1 hour',
  today: 'today',
  own: 'a time of my own…',
};
const HOUR = 3_600_000;

export class EndField {
  #list;
  #own;

  /** @param ends which of them are offered, the first one is picked; `names` changes what they are called */
  constructor(listId, ownId, ends, names = {}) {
    this.#list = byId(listId);
    this.#own = ownId === null ? null : byId(ownId);
    fillSelect(this.#list, ends.map((value) => ({ value, name: names[value] || ENDS[value] })));
    this.#list.addEventListener('change', () => this.#showOwn());
  }

  #showOwn() {
    if (!this.#own) {
      return;
    }
    const own = this.#list.value === 'own';
    this.#own.parentElement.hidden = !own;
    this.#own.required = own;
    if (own) {
      this.#own.value = fieldValue(Date.now() + HOUR);
      this.#own.focus();
    }
  }

  /** The end as a call takes it; throws a RangeError if it is none. */
  get value() {
    return endOf(this.#list.value, this.#own?.value, Date.now());
  }

  reset() {
    this.#list.selectedIndex = 0;
    this.#showOwn();
  }
}
