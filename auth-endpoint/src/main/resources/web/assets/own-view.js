// One's own status: how it is, and the form that sets it.
import * as calls from './calls.js';
import { byId, element, run, showMessage, showPicture } from './dom.js';
import { EndField } from './end-field.js';
import { showDot } from './members-view.js';
import { CHOICES, PRESETS, nameOf } from './statuses.js';
import { until } from './times.js';

const HINTS = {
  invisible: 'Others see you offline.',
  offline: 'Others see you offline, until you sign in anew or choose something else.',
};

const ROOMY = '(min-width: 46rem)';

let end;

export function prepare() {
  byId('status-fold').open = matchMedia(ROOMY).matches;
  byId('choices').replaceChildren(...CHOICES.map(choice));
  byId('presets').replaceChildren(...PRESETS.map(preset));
  end = new EndField('end', 'end-own', ['', '30', '60', 'today', 'own'], { '': 'never, I change it myself' });
  byId('status-form').addEventListener('submit', (event) => {
    event.preventDefault();
    run(byId('status-form'), byId('status-error'), set);
  });
}

function choice({ value, name, hint }, index) {
  const label = element('label', 'choice');
  const input = element('input', '', undefined, { type: 'radio', name: 'status', value, 'data-testid': `choice-${value}` });
  input.checked = index === 0;
  const dot = element('span', 'dot', undefined, { 'aria-hidden': 'true', 'data-status': value });
  const words = element('span', 'choice-words');
  words.append(element('span', 'choice-name', name), element('span', 'choice-hint', hint));
  label.append(input, dot, words);
  return label;
}

function preset(text) {
  const button = element('button', 'preset', text, { type: 'button' });
  button.addEventListener('click', () => {
    byId('message').value = text;
    byId('message').focus();
  });
  return button;
}

// Of these the update tells that they were chosen; the others may come of devices, too.
const TELLING = ['busy', 'dnd', 'invisible', 'offline'];

/** Marks the choice that stands. */
export function showChoice(choice) {
  const field = byId('choices').querySelector(`[value="${CSS.escape(choice)}"]`);
  if (field) {
    field.checked = true;
  }
}

/** The status was set, perhaps on another device. */
export function changed({ status, cause }) {
  if (cause === 'manual' && TELLING.includes(status)) {
    showChoice(status);
  }
}

async function set() {
  const status = byId('status-form').elements.status.value;
  await calls.setStatus({ status, custom_message: byId('message').value, ...end.value });
  byId('message').value = '';
  end.reset();
  fold();
}

// A form as long as a phone's screen is in the way once it has done its work.
function fold() {
  const form = byId('status-fold');
  if (!matchMedia(ROOMY).matches) {
    form.open = false;
    form.querySelector('summary').focus();
  }
}

let shown = null;

/** @param person as the user's own channel tells it; undefined if nothing is known yet */
export function show(person, user) {
  byId('own-name').textContent = user.name;
  showPicture(byId('own-avatar'), user.avatar);
  shown = person;
  const status = person?.status ?? 'offline';
  showDot(byId('own-dot'), status);
  byId('own-status').textContent = nameOf(status);
  showMessage(byId('own-message'), person?.custom_message || '');
  showMessage(byId('hidden-hint'), Object.hasOwn(HINTS, status) ? HINTS[status] : '');
  showTimes();
}

function showTimes() {
  byId('own-until').textContent = until(shown?.expires_at, Date.now());
  const quiet = shown?.status === 'dnd';
  byId('dnd-now').textContent = quiet ? `on ${until(shown.expires_at, Date.now())}`.trim() : 'off';
  byId('dnd-off').hidden = !quiet;
}
