// The calls to this page's own server, the way axios makes them: the cookie XSRF-TOKEN goes back as a header.

export class CallFailed extends Error {
  constructor(status, body) {
    super(body.message || `The server answered ${status}.`);
    this.status = status;
    this.errors = body.errors;
  }
}

function csrfToken() {
  const found = document.cookie.split('; ').find((cookie) => cookie.startsWith('XSRF-TOKEN='));
  return found ? decodeURIComponent(found.slice('XSRF-TOKEN='.length)) : '';
}

let onSessionEnd = () => {};

/** @param handler is called when a call was refused because nobody is signed in */
export function whenSessionEnds(handler) {
  onSessionEnd = handler;
}

async function call(method, path, body) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') {
    headers['X-XSRF-TOKEN'] = csrfToken();
    headers['Content-Type'] = 'application/json';
  }
  // `keepalive`: what was begun is done, though the page goes or is put aside meanwhile.
  const keepalive = method !== 'GET';
  const answer = await fetch(path, { method, headers, keepalive, body: body && JSON.stringify(body) }).catch(() => {
    throw new CallFailed(0, { message: 'The server cannot be reached.' });
  });
  const parsed = await answer.json().catch(() => ({}));
  if (answer.status === 401) {
    onSessionEnd();
  }
  if (!answer.ok) {
    throw new CallFailed(answer.status, parsed);
  }
  return parsed;
}

const STATUS = '/api/presence/status';

export const settings = () => call('GET', '/settings.json');
export const me = () => call('GET', '/api/me');
export const teams = () => call('GET', '/api/teams');
export const login = (email, password) => call('POST', '/login', { email, password });
export const logout = () => call('POST', '/logout', {});
export const members = (team) => call('GET', `/api/teams/${encodeURIComponent(team)}/members`);
export const ownStatus = () => call('GET', STATUS);
export const setStatus = (status) => call('POST', STATUS, status);
export const setDnd = (dnd) => call('POST', '/api/presence/dnd', dnd);
export const setLocation = (location) => call('POST', '/api/presence/location', location);
export const schedule = () => call('GET', '/api/presence/schedule');
export const addEntry = (entry) => call('POST', '/api/presence/schedule', entry);
export const cancelEntry = (id) => call('POST', `/api/presence/schedule/${encodeURIComponent(id)}/cancel`, {});

export const notify = (userId, message) => call('POST', '/api/notifications', { user_id: userId, message });

/** Says a status while the page goes. A beacon cannot send the CSRF header; its `Origin` tells that it is ours. */
export const beacon = (status) => navigator.sendBeacon(STATUS, new URLSearchParams(status));
