// Where one is: told to others only when asked for, and for a time.
import * as calls from './calls.js';
import { byId, run } from './dom.js';
import { EndField } from './end-field.js';
import { until } from './times.js';

const POSITION_MS = 15_000;

export function prepare() {
  const end = new EndField('place-end', null, ['60', '30', 'today']);
  const form = byId('location-form');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run(form, byId('location-error'), () => share(end));
  });
  const off = byId('place-off');
  off.addEventListener('click', () => run(off, byId('location-error'), () => calls.setLocation({ clear: true })));
}

async function share(end) {
  const label = byId('place').value.trim();
  const wanted = byId('coordinates').checked;
  if (!label && !wanted) {
    throw new RangeError('Name a place, or add your coordinates.');
  }
  const coordinates = wanted ? await position() : {};
  await calls.setLocation({ label, ...coordinates, ...end.value });
}

// The browser asks the user whether it may tell.
function position() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new Error('This browser does not tell a position here.'));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => resolve({ latitude, longitude }),
      (error) => reject(new Error(`The browser tells no position: ${error.message || 'it was not allowed'}.`)),
      { timeout: POSITION_MS, maximumAge: 60_000 },
    );
  });
}

/** @param location as one's own status has it, or null */
export function show(location) {
  const where = location ? location.label || 'coordinates' : '';
  byId('location-now').textContent = location
    ? `${where} ${until(location.expires_at, Date.now())}`.trim()
    : 'not shared';
  byId('place-off').hidden = !location;
}
