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

const DETAILS = ['custom_message', 'last_active', 'expires_at', 'devices', 'location'];

// The others' view of who hides is `offline`; the choice tells oneself the truth.
const trueStatus = ({ status, choice }) => (isHidden(choice) ? choice : status);

export class People {
  #people = new Map();
  #ownId;

  /** @param own what is known of oneself, if anything */
  constructor(ownId, own = null) {
    this.#ownId = String(ownId);
    if (own) {
      this.#people.set(this.#ownId, { ...own });
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

  /**
   * The answers to questions that were asked after `begin`; what was heard meanwhile may be newer.
   *
   * @param members all of the team; who was known and is none is forgotten
   * @param own one's own status, with the choice
   */
  snapshot(members, own) {
    const ids = new Set(members.map(({ id }) => String(id)));
    for (const id of this.#people.keys()) {
      if (!ids.has(id) && id !== this.#ownId) {
        this.#people.delete(id);
      }
    }
    for (const member of members) {
      const person = this.#person(member.id);
      this.#know(person, member);
      this.#merge(person, person.id === this.#ownId ? { ...member, ...own, status: trueStatus(own) } : member);
    }
  }

  #merge(person, status) {
    const version = Number(status.version ?? -1);
    if (!person.heard || version > person.version) {
      this.#replace(person, status);
      person.version = version;
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
    person.status = String(status.status);
    for (const detail of DETAILS) {
      person[detail] = status[detail] ?? null;
    }
  }

  /** Whether somebody else is in the channel whose status says otherwise. */
  anyHereAndHidden() {
    return [...this.#people.values()].some(({ id, here, status }) => id !== this.#ownId && here && isHidden(status));
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
