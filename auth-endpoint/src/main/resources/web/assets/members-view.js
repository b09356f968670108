// The members of the team: a line each, which is changed in place, so that what is focused or read stays.
import { byId, element, run, showMessage, showPicture } from './dom.js';
import { icon } from './icons.js';
import { devicesOf, isHidden, nameOf } from './statuses.js';
import { ago, until } from './times.js';

const TIMES_EVERY_MS = 10_000;

let shown = [];
let own = null;
let notify = false;

/** @param handler takes a person who shall be notified; `false` if nobody can be */
export function offerNotifying(handler) {
  notify = handler;
}

export function showTeam(team) {
  byId('team-name').textContent = team ? team.name : 'You are in no team yet';
  byId('team').value = team ? team.id : '';
  byId('whisper').hidden = !team;
  showMessage(byId('room-error'), '');
}

export const showError = (message) => showMessage(byId('room-error'), message);

export function showPeople(people, ownId) {
  shown = people;
  own = String(ownId);
  byId('online-count').textContent = String(people.filter(({ status }) => !isHidden(status)).length);
  byId('member-count').textContent = String(people.filter(isHere).length);
  const list = byId('members');
  const lines = new Map([...list.children].map((line) => [line.dataset.userId, line]));
  const wanted = people.map((person) => lines.get(person.id) || newLine(person.id));
  people.forEach((person, index) => fill(wanted[index], person));
  new Set(list.children).forEach((line) => wanted.includes(line) || line.remove());
  // Moving an element takes the focus from it, so only what stands elsewhere is moved.
  wanted.forEach((line, index) => list.children[index] === line || list.insertBefore(line, list.children[index] || null));
}

// Who does not want to be seen is not pointed at, though the channel has them.
const isHere = (person) => person.here && !isHidden(person.status);

function newLine(id) {
  const line = element('li', 'member');
  line.dataset.testid = 'member';
  line.dataset.userId = id;
  const picture = element('span', 'picture');
  picture.append(
    element('img', 'avatar', undefined, { alt: '', width: 40, height: 40 }),
    element('span', 'dot', undefined, { role: 'img' }),
  );
  const words = element('div', 'member-words');
  const first = element('p', 'member-first');
  first.append(element('span', 'member-name'), element('span', 'devices'), element('span', 'here'));
  words.append(first, element('p', 'member-status'), element('p', 'message'), element('p', 'place'));
  const button = element('button', 'quiet round', undefined, { type: 'button', 'data-testid': 'notify' });
  button.append(icon('bell'));
  button.addEventListener('click', () => run(button, byId('room-error'), () => notify(shown.find((person) => person.id === id))));
  line.append(picture, words, button);
  return line;
}

function fill(line, person) {
  const part = (name) => line.querySelector(`.${name}`);
  const status = nameOf(person.status);
  line.dataset.status = person.status;
  line.classList.toggle('gone', isHidden(person.status));
  showPicture(part('avatar'), person.avatar);
  showDot(part('dot'), person.status);
  part('member-name').textContent = person.name + (person.id === own ? ' (you)' : '');
  fillDevices(part('devices'), person);
  part('here').replaceChildren(...(isHere(person) ? [icon('here', 'on this page')] : []));
  part('member-status').replaceChildren(element('span', 'status-name', status), element('span', 'dim time-text'));
  showMessage(part('message'), person.custom_message || '');
  fillPlace(part('place'), person.location);
  part('round').setAttribute('aria-label', `Send ${person.id === own ? 'yourself' : person.name} a notification`);
  part('round').hidden = !notify;
  part('round').title = 'Send a notification';
  fillTime(line, person);
}

/** A dot of a status, with its name for who hovers and for who hears. */
export function showDot(dot, status) {
  dot.dataset.status = status;
  dot.title = nameOf(status);
  dot.setAttribute('aria-label', nameOf(status));
}

function fillDevices(place, person) {
  const devices = devicesOf(person.devices);
  const key = JSON.stringify(devices);
  if (place.dataset.shown !== key) {
    place.dataset.shown = key;
    place.replaceChildren(...devices.map(deviceIcon));
  }
}

function deviceIcon({ kind, name, state }) {
  const made = element('span', 'device', undefined, { title: `${name}: ${state}` });
  made.dataset.kind = kind;
  made.dataset.state = state;
  made.append(icon(kind, `${name}: ${state}`));
  return made;
}

function fillPlace(place, location) {
  place.hidden = !location;
  if (!location) {
    place.replaceChildren();
    return;
  }
  const { label, latitude, longitude } = location;
  const known = typeof latitude === 'number' && typeof longitude === 'number';
  const coordinates = known ? `${latitude.toFixed(3)}, ${longitude.toFixed(3)}` : '';
  const words = element('span', '', label ? String(label) : coordinates);
  if (label && coordinates) {
    words.append(element('span', 'dim', ` ${coordinates}`));
  }
  place.replaceChildren(icon('place', 'Location'), words);
}

function fillTime(line, person) {
  const now = Date.now();
  const seen = isHidden(person.status) ? 'last seen' : 'active';
  const rests = isHidden(person.status) || ['idle', 'away'].includes(person.status);
  const since = rests && person.last_active ? `${seen} ${ago(person.last_active, now)}` : '';
  const texts = [until(person.expires_at, now), since].filter(Boolean);
  line.querySelector('.time-text').textContent = texts.map((text) => ` · ${text}`).join('');
}

// Five minutes ago is six a minute later.
setInterval(() => {
  for (const person of shown) {
    const line = byId('members').querySelector(`[data-user-id="${CSS.escape(person.id)}"]`);
    if (line) {
      fillTime(line, person);
    }
  }
}, TIMES_EVERY_MS);
