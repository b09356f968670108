// What a tab remembers of its user's own status over a reload: the others' view cannot tell all of it.

const KEY = 'carillon.own';

export function remember(userId, own) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...own, id: String(userId) }));
  } catch {
    // Then it is asked for again, as far as it is told.
  }
}

export function recall(userId) {
  try {
    const own = JSON.parse(sessionStorage.getItem(KEY));
    return own?.id === String(userId) ? own : null;
  } catch {
    return null;
  }
}

export function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // There is nothing to forget.
  }
}
