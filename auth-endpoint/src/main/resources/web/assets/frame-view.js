// What is around the team: signing in, the head of the page, and which of both is shown.
import { avatar, byId, element, fillSelect, showMessage } from './dom.js';

const STATE_TEXTS = {
  initialized: 'not connected',
  connecting: 'connecting',
  connected: 'connected',
  unavailable: 'unavailable, trying again',
  failed: 'not supported here',
  disconnected: 'disconnected',
};

export function showSignIn(samples, onSample) {
  show({ signedIn: false });
  byId('samples').hidden = samples.length === 0;
  byId('sample-list').replaceChildren(...samples.map((sample) => sampleButton(sample, onSample)));
}

function sampleButton(sample, onSample) {
  const button = element('button', 'sample', undefined, { type: 'button' });
  button.dataset.testid = `sample-${sample.name.toLowerCase()}`;
  const words = element('span', 'sample-words');
  words.append(element('strong', '', sample.name), element('span', 'dim', sample.email));
  button.append(avatar(sample.avatar), words);
  button.addEventListener('click', () => onSample(sample));
  return button;
}

export function showRoom(user, teams) {
  show({ signedIn: true });
  document.querySelector('.account-name').textContent = user.name;
  byId('team-switch').hidden = teams.length < 2;
  fillSelect(byId('team'), teams.map(({ id, name }) => ({ value: id, name })));
  // A screen reader goes on where the new content is.
  byId('main').focus({ preventScroll: true });
}

function show({ signedIn }) {
  byId('sign-in').hidden = signedIn;
  for (const id of ['room', 'account', 'state']) {
    byId(id).hidden = !signedIn;
  }
}

export function showState(state) {
  byId('state').dataset.state = state;
  byId('state-text').textContent = STATE_TEXTS[state] || state;
  // How the others are is not known for sure until we are back.
  byId('members').classList.toggle('stale', state !== 'connected');
}

export const showLoginError = (message) => showMessage(byId('login-error'), message);

export function onLogin(handler) {
  byId('login').addEventListener('submit', (event) => {
    event.preventDefault();
    handler(byId('email').value, byId('password').value);
  });
}

export function clearPassword() {
  byId('password').value = '';
}

export const onSignOut = (handler) => byId('sign-out').addEventListener('click', handler);

export const onTeam = (handler) => byId('team').addEventListener('change', () => handler(byId('team').value));
