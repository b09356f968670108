// What a status is called and where it stands in a list. Pure.

const NAMES = {
  online: 'Online',
  idle: 'Idle',
  away: 'Away',
  busy: 'Busy',
  dnd: 'Do not disturb',
  invisible: 'Invisible',
  offline: 'Offline',
};

const ORDER = Object.keys(NAMES);

const lookUp = (names, key) => (Object.hasOwn(names, key) ? names[key] : String(key));

export const CHOICES = [
  { value: 'auto', name: 'Automatic', hint: 'by your devices' },
  { value: 'online', name: NAMES.online, hint: 'even while you are away' },
  { value: 'away', name: NAMES.away, hint: 'back in a while' },
  { value: 'busy', name: NAMES.busy, hint: 'others may still write' },
  { value: 'dnd', name: NAMES.dnd, hint: 'notifications wait' },
  { value: 'invisible', name: NAMES.invisible, hint: 'others see you offline' },
  { value: 'offline', name: NAMES.offline, hint: 'until your next sign-in' },
];

export const PLANNED = CHOICES.filter(({ value }) => value !== 'auto');

export const PRESETS = ['In a meeting', 'Focusing', 'Out for lunch', 'On the road', 'On holiday'];

const DEVICE_NAMES = { web: 'Browser', mobile: 'Phone', desktop: 'Desktop app' };

/** The name of a status; of one that this page does not know yet, the status itself. */
export const nameOf = (status) => lookUp(NAMES, status);

/** What is said of somebody who is so: "is busy". */
export const saidOf = (status) =>
  status === 'dnd' ? 'does not want to be disturbed' : `is ${nameOf(status).toLowerCase()}`;

/** Whether others are told that the user is not there. */
export const isHidden = (status) => status === 'offline' || status === 'invisible';

/** Who is there before who is not, then by what they are called. */
export function compare(a, b) {
  const rank = (person) => (isHidden(person.status) ? 1 : 0);
  return rank(a) - rank(b) || place(a.status) - place(b.status) || String(a.name).localeCompare(String(b.name));
}

function place(status) {
  const found = ORDER.indexOf(status);
  // idle is online that rests: it does not move a person in the list
  return found === ORDER.indexOf('idle') ? 0 : found < 0 ? ORDER.length : found;
}

/** The devices of a status as [{kind, name, state}], whatever a server sends. */
export function devicesOf(devices) {
  const known = devices !== null && typeof devices === 'object' ? devices : {};
  return Object.entries(known).map(([kind, state]) => ({
    kind,
    state: String(state),
    name: lookUp(DEVICE_NAMES, kind),
  }));
}
