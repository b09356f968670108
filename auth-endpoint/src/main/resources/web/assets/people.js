// Who is in the team and how they are: what a first answer, the roster and the updates say, made one. Pure.
import { compare, isHidden } from './statuses.js';

const UNKNOWN = {
  name: '',
  avatar: '',
  status: 'offline',
  custom_message: null,
  last_active: null,
  expires_at: null,
  devices: null,
  location: null,
  version: -1,
  here: false,
  heard: false,
};

// What a status consists of; a first answer may have fewer of them.
const DETAILS = ['custom_message', 'last_active', 'expires_at', 'devices', 'location'];

export class People {
  #people = new Map();
  #ownId;

  /** @param own what was known of oneself before, if anything */
  constructor(ownId, own = null) {
    this.#ownId = String(ownId);
    if (own) {
      this.#people.set(this.#ownId, { ...UNKNOWN, ...own, id: this.#ownId, version: -1, here: false, heard: false });
    }
  }

  /**
   * A subscription begins, perhaps to a server that counts from one again: what is said from now on is newer than all
   * before, whatever its version.
   */
  begin() {
    for (const person of this.#people.values()) {
      person.version = -1;
      person.heard = false;
    }
  }

  /** The answer to a question that was asked after `begin`; what was heard meanwhile is newer. */
  snapshot(users) {
    const online = new Set();
    for (const user of users) {
      const person = this.#person(user.id);
      online.add(person.id);
      if (!person.heard) {
        this.#know(person, user);
        this.#replace(person, user);
      }
    }
    for (const person of this.#people.values()) {
      if (!online.has(person.id) && !person.heard) {
        this.#gone(person);
      }
    }
  }

  /** The members of the channel, as [{id, info}]. */
  roster(members) {
    const here = new Set(members.map(({ id }) => String(id)));
    members.forEach(({ id, info }) => this.#know(this.#person(id), info || {}));
    this.#people.forEach((person, id) => (person.here = here.has(id)));
  }

  /** An update of somebody else; gives how the person was before, or null if it is old or one's own. */
  update(update) {
    const id = String(update.user_id);
    return id === this.#ownId ? null : this.#apply(id, update, (version, known) => version > known);
  }

  /** An update of one's own, by one's own channel: it may tell more under the same version. */
  own(update) {
    return this.#apply(this.#ownId, update, (version, known) => version >= known);
  }

  #apply(id, update, isNewer) {
    const person = this.#person(id);
    if (!isNewer(Number(update.version), person.version)) {
      return null;
    }
    const before = { ...person };
    this.#know(person, update);
    this.#replace(person, update);
    person.version = Number(update.version);
    person.heard = true;
    return before;
  }

  #person(given) {
    const id = String(given);
    if (!this.#people.has(id)) {
      this.#people.set(id, { ...UNKNOWN, id });
    }
    return this.#people.get(id);
  }

  #know(person, { name, avatar }) {
    person.name = name || person.name;
    person.avatar = avatar || person.avatar;
  }

  #replace(person, status) {
    const same = person.status === status.status && person.custom_message === (status.custom_message ?? null);
    person.status = String(status.status);
    for (const detail of DETAILS) {
      // What an answer leaves out is as it was, unless the answer tells of a change that was missed.
      person[detail] = status[detail] === undefined && same ? person[detail] : (status[detail] ?? null);
    }
  }

  #gone(person) {
    // One's own invisibility is nothing that the others' view could tell.
    if (person.id === this.#ownId && isHidden(person.status)) {
      return;
    }
    Object.assign(person, { status: 'offline', custom_message: null, expires_at: null, devices: null, location: null });
  }

  get(id) {
    return this.#people.get(String(id));
  }

  nameOf(id) {
    return this.get(id)?.name || 'Somebody';
  }

  /** Everybody whose name is known, in the order of the page. */
  list() {
    return [...this.#people.values()].filter(({ name }) => name).sort(compare);
  }
}
