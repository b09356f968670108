// The calls to this page's own server, the way axios makes them: the cookie XSRF-TOKEN goes back as a header.

export class CallFailed extends Error {
  constructor(status, body) {
    super(body.message || `The server answered ${status}.`);
    this.status = status;
  }
}

function csrfToken() {
  const found = document.cookie.split('; ').find((cookie) => cookie.startsWith('XSRF-TOKEN='));
  return found ? decodeURIComponent(found.slice('XSRF-TOKEN='.length)) : '';
}

async function call(method, path, body) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') {
    headers['X-XSRF-TOKEN'] = csrfToken();
    headers['Content-Type'] = 'application/json';
  }
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const parsed = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new CallFailed(answer.status, parsed);
  }
  return parsed;
}

export const settings = () => call('GET', '/settings.json');
export const me = () => call('GET', '/api/me');
export const teams = () => call('GET', '/api/teams');
export const login = (email, password) => call('POST', '/login', { email, password });
export const logout = () => call('POST', '/logout', {});
