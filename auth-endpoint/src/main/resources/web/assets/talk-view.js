// What happens, a line each, and the field for whispers.
import { byId, element } from './dom.js';
import { saidOf } from './statuses.js';
import { clock } from './times.js';

const LINES_MAX = 200;
const NEAR_END_PX = 40;

/** Adds a line: what kind it is, who it is of, and what it says. */
export function log(kind, who, text) {
  const list = byId('log');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
  const line = element('li', `line line-${kind}`, undefined, { 'data-testid': 'log-line', 'data-kind': kind });
  const said = element('span', 'said');
  if (who) {
    said.append(element('strong', 'who', who), ' ');
  }
  said.append(element('span', 'text', text));
  line.append(element('time', 'time', clock(Date.now())), said);
  list.append(line);
  while (list.childElementCount > LINES_MAX) {
    list.firstElementChild.remove();
  }
  if (atEnd) {
    list.scrollTop = list.scrollHeight;
  }
}

/** Tells of a change that is worth a line; devices come and go without one. */
export function logChange(before, after) {
  const message = after.custom_message || '';
  if (before.status !== after.status) {
    log('status', after.name, `${saidOf(after.status)}${message ? `: ${message}` : ''}`);
  } else if (message && before.custom_message !== message) {
    log('status', after.name, `says: ${message}`);
  }
}

export const clear = () => byId('log').replaceChildren();

export function showTyping(text) {
  byId('typing').textContent = text;
}

export function onWhisper(typing, send) {
  const input = byId('whisper-text');
  input.addEventListener('input', () => input.value && typing());
  byId('whisper').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text && send(text)) {
      input.value = '';
    }
  });
}
