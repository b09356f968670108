// Times in words. Pure: what the time is now is a parameter, and so is how the reader's country writes it.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const count = (number, unit) => `${number} ${unit}${number === 1 ? '' : 's'} ago`;

/** "5 minutes ago"; empty if there is no such time. */
export function ago(time, now, locale) {
  const at = Date.parse(time);
  if (Number.isNaN(at)) {
    return '';
  }
  // A clock that is a little behind the server's must not make it the future.
  const passed = Math.max(0, now - at);
  if (passed < MINUTE) {
    return 'just now';
  }
  if (passed < HOUR) {
    return count(Math.floor(passed / MINUTE), 'minute');
  }
  if (passed < DAY) {
    return count(Math.floor(passed / HOUR), 'hour');
  }
  return passed < WEEK ? count(Math.floor(passed / DAY), 'day') : `on ${date(at, now, locale)}`;
}

/** "until 15:00", "until tomorrow 09:00"; empty if there is no such time or it has passed. */
export function until(time, now, locale) {
  const at = Date.parse(time);
  return Number.isNaN(at) || at <= now ? '' : `until ${point(at, now, locale)}`;
}

/** "14:00 – 15:00", "tomorrow 09:00 – Thu 17:00". */
export function span(from, to, now, locale) {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (start <= now) {
    return until(to, now, locale).replace('until', 'now, until');
  }
  const second = midnight(start, 0) === midnight(end, 0) ? clock(end, locale) : point(end, now, locale);
  return `${point(start, now, locale)} – ${second}`;
}

/** The time of day, and the day where it is not today. */
export function point(at, now, locale) {
  // The end of a day is told as that day's.
  if (at === midnight(now, 1)) {
    return 'midnight';
  }
  const time = clock(at, locale);
  if (at >= midnight(now, 0) && at < midnight(now, 1)) {
    return time;
  }
  if (at >= midnight(now, 1) && at < midnight(now, 2)) {
    return `tomorrow ${time}`;
  }
  return `${date(at, now, locale)}, ${time}`;
}

export const clock = (at, locale) =>
  new Date(at).toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' });

function date(at, now, locale) {
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return new Date(at).toLocaleDateString(locale, { weekday: 'short', day: 'numeric', month: 'short', year });
}

/** The midnight that many days after the one before `at`, as this place has it. */
function midnight(at, days) {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).getTime();
}

/** What a field of the kind datetime-local shows for that time. */
export function fieldValue(at) {
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * MINUTE);
  return shifted.toISOString().slice(0, 16);
}

/**
 * The end that was picked, as a call takes it: a duration where the server's clock can count it. `picked` is a number
 * of minutes, `today`, `own` with a field's value, or nothing for no end.
 */
export function endOf(picked, own, now) {
  if (!picked) {
    return {};
  }
  if (picked === 'today') {
    return { expires_at: new Date(midnight(now, 1)).toISOString() };
  }
  if (picked === 'own') {
    return { expires_at: instant(own, now, 'The end') };
  }
  return { duration: Number(picked) * 60 };
}

/** The field's value as an absolute time, which must not have passed. */
export function instant(value, now, what) {
  const at = Date.parse(value);
  if (Number.isNaN(at)) {
    throw new RangeError(`${what} needs a date and a time.`);
  }
  if (at <= now) {
    throw new RangeError(`${what} must not have passed.`);
  }
  return new Date(at).toISOString();
}
