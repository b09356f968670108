// What is on the page. Names, messages and events are other people's text: they only ever become text nodes.

const byId = (id) => document.getElementById(id);
const LOG_LINES_MAX = 200;

const STATE_TEXTS = {
  initialized: 'not connected',
  connecting: 'connecting',
  connected: 'connected',
  unavailable: 'unavailable, trying again',
  failed: 'not supported here',
  disconnected: 'disconnected',
};

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

function avatar(url, className) {
  const image = element('img', className);
  image.alt = '';
  image.width = 36;
  image.height = 36;
  // A member's picture is what the auth endpoint signed; still, only pictures of the web.
  if (/^(\/(?!\/)|https:)/.test(String(url))) {
    image.src = url;
  }
  return image;
}

export function showSignIn(samples, onSample) {
  byId('sign-in').hidden = false;
  byId('room').hidden = true;
  byId('account').hidden = true;
  byId('state').hidden = true;
  byId('samples').hidden = samples.length === 0;
  byId('sample-list').replaceChildren(
    ...samples.map((sample) => {
      const button = element('button', 'sample');
      button.type = 'button';
      button.dataset.testid = `sample-${sample.name.toLowerCase()}`;
      const words = element('span', 'sample-words');
      words.append(element('strong', '', sample.name), element('span', 'dim', sample.email));
      button.append(avatar(sample.avatar, 'avatar'), words);
      button.addEventListener('click', () => onSample(sample));
      return button;
    }),
  );
}

export function showRoom(user, teams) {
  byId('sign-in').hidden = true;
  byId('room').hidden = false;
  byId('account').hidden = false;
  byId('state').hidden = false;
  byId('account-avatar').src = user.avatar;
  byId('account-name').textContent = user.name;
  byId('team-switch').hidden = teams.length < 2;
  byId('team').replaceChildren(
    ...teams.map((team) => {
      const option = element('option', '', team.name);
      option.value = team.id;
      return option;
    }),
  );
  byId('log').replaceChildren();
}

export function showTeam(team) {
  byId('team-name').textContent = team ? team.name : 'You are in no team yet';
  byId('team').value = team ? team.id : '';
  byId('whisper').hidden = !team;
  showMembers([], '');
  showTyping('');
  showRoomError('');
}

export function showState(state) {
  byId('state').dataset.state = state;
  byId('state-text').textContent = STATE_TEXTS[state] || state;
  // Who is here is not known for sure until we are back.
  byId('members').classList.toggle('stale', state !== 'connected');
}

export function showMembers(members, ownId) {
  byId('member-count').textContent = String(members.length);
  byId('members').replaceChildren(...members.map((member) => memberItem(member, ownId)));
}

function memberItem(member, ownId) {
  const item = element('li', 'member');
  item.dataset.testid = 'member';
  item.dataset.userId = member.id;
  const picture = element('span', 'picture');
  const dot = element('span', 'dot');
  dot.title = 'here';
  picture.append(avatar(member.avatar, 'avatar'), dot);
  const words = element('span', 'member-words');
  words.append(element('span', 'member-name', member.name));
  const notes = [String(member.id) === String(ownId) ? 'you' : '', member.device || ''];
  words.append(element('span', 'dim', notes.filter(Boolean).join(' · ')));
  item.append(picture, words);
  return item;
}

/** Adds a line: what kind it is, who it is of, and what it says. */
export function log(kind, who, text) {
  const list = byId('log');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const line = element('li', `line line-${kind}`);
  line.dataset.testid = 'log-line';
  line.dataset.kind = kind;
  const time = element('time', 'time', new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
  const said = element('span', 'said');
  if (who) {
    said.append(element('strong', 'who', who), ' ');
  }
  said.append(element('span', 'text', text));
  line.append(time, said);
  list.append(line);
  while (list.childElementCount > LOG_LINES_MAX) {
    list.firstElementChild.remove();
  }
  if (atEnd) {
    list.scrollTop = list.scrollHeight;
  }
}

export function showTyping(text) {
  byId('typing').textContent = text;
}

function showError(id, message) {
  byId(id).textContent = message;
  byId(id).hidden = !message;
}

export const showLoginError = (message) => showError('login-error', message);
export const showRoomError = (message) => showError('room-error', message);

export function onLogin(handler) {
  byId('login').addEventListener('submit', (event) => {
    event.preventDefault();
    handler(byId('email').value, byId('password').value);
  });
}

export function clearPassword() {
  byId('password').value = '';
}

export function onSignOut(handler) {
  byId('sign-out').addEventListener('click', handler);
}

export function onTeam(handler) {
  byId('team').addEventListener('change', () => handler(byId('team').value));
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
