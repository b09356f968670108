// What is planned: the list, and the form for one entry more.
import * as calls from './calls.js';
import { byId, element, fillSelect, reasons, run, showMessage } from './dom.js';
import { PLANNED, nameOf } from './statuses.js';
import { fieldValue, instant, span } from './times.js';

const HOUR = 3_600_000;

export function prepare() {
  fillSelect(byId('plan-status'), PLANNED);
  byId('plan-status').value = 'busy';
  const form = byId('schedule-form');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run(form, byId('schedule-error'), add);
  });
  // What is offered when it is opened is from now on.
  form.closest('details').addEventListener('toggle', offerTimes);
}

function offerTimes() {
  const now = Date.now();
  byId('plan-start').value = fieldValue(now);
  byId('plan-end').value = fieldValue(now + HOUR);
}

async function add() {
  const end = instant(byId('plan-end').value, Date.now(), 'The end');
  const start = Date.parse(byId('plan-start').value);
  if (Number.isNaN(start)) {
    throw new RangeError('The start needs a date and a time.');
  }
  const entry = {
    status: byId('plan-status').value,
    custom_message: byId('plan-message').value,
    starts_at: new Date(start).toISOString(),
    ends_at: end,
  };
  await calls.addEntry(entry);
  await refresh();
}

/** Asks for the list and shows it. */
export async function refresh() {
  try {
    const answer = await calls.schedule();
    show(Array.isArray(answer) ? answer : answer.schedule);
  } catch (error) {
    // Without a session the sign-in is shown, and this shall not be there after it.
    showMessage(byId('schedule-error'), error.status === 401 ? '' : `The schedule cannot be told: ${reasons(error)}`);
  }
}

function show(entries) {
  const now = Date.now();
  const planned = entries
    .filter(({ ends_at: end }) => Date.parse(end) > now)
    .sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
  byId('schedule-count').textContent = planned.length === 0 ? 'nothing planned' : `${planned.length} planned`;
  byId('schedule').replaceChildren(...planned.map((entry) => line(entry, now)));
}

function line(entry, now) {
  const item = element('li', 'entry', undefined, { 'data-testid': 'entry' });
  const what = [nameOf(entry.status), entry.custom_message].filter(Boolean).join(': ');
  const when = span(entry.starts_at, entry.ends_at, now);
  const words = element('div', 'entry-words');
  words.append(element('p', 'entry-what', what), element('p', 'dim', when));
  const cancel = element('button', 'quiet', 'Cancel', { type: 'button', 'aria-label': `Cancel ${what}, ${when}` });
  cancel.addEventListener('click', () =>
    run(cancel, byId('schedule-error'), async () => {
      await calls.cancelEntry(entry.id);
      await refresh();
      byId('plan-status').focus();
    }),
  );
  const dot = element('span', 'dot', undefined, { 'aria-hidden': 'true', 'data-status': entry.status });
  item.append(dot, words, cancel);
  return item;
}
