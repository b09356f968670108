// Making elements. Names, messages and events are other people's text: they only ever become text nodes.

export const byId = (id) => document.getElementById(id);

/** An element with a class, perhaps a text, and attributes. */
export function element(tag, className = '', text = undefined, attributes = {}) {
  const made = document.createElement(tag);
  if (className) {
    made.className = className;
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  return made;
}

/** A person's picture, which says nothing that the name beside it does not say. */
export function avatar(url, className = 'avatar') {
  const image = element('img', className, undefined, { alt: '', width: 40, height: 40 });
  showPicture(image, url);
  return image;
}

/** A member's picture is what the auth endpoint signed; still, only pictures of the web. */
export function showPicture(image, url) {
  if (/^(\/(?![/\\])|https:)/.test(String(url))) {
    image.src = url;
  } else {
    image.removeAttribute('src');
  }
}

/** Puts the options of [{value, name}] into a select. */
export function fillSelect(select, options) {
  select.replaceChildren(
    ...options.map(({ value, name }) => element('option', '', name, { value })),
  );
}

/** Shows a message, or hides its place if there is none. */
export function showMessage(place, message) {
  place.textContent = message;
  place.hidden = !message;
}

/** What a failed call says, all fields of it. */
export function reasons(error) {
  const fields = Object.values(error.errors || {}).flat();
  return fields.length > 0 ? fields.join(' ') : error.message;
}

/**
 * Runs what a form or a button asks for, once at a time: meanwhile its buttons rest, and a failure is told at `place`;
 * that nobody is signed in any more, the sign-in tells. Gives whether it went well.
 */
export async function run(owner, place, action) {
  const buttons = owner instanceof HTMLButtonElement ? [owner] : [...owner.querySelectorAll('button[type=submit]')];
  if (buttons.some((button) => button.getAttribute('aria-disabled') === 'true')) {
    return false;
  }
  showMessage(place, '');
  // Not `disabled`, which would take the focus away from who uses a keyboard.
  buttons.forEach((button) => button.setAttribute('aria-disabled', 'true'));
  try {
    await action();
    return true;
  } catch (error) {
    showMessage(place, error.status === 401 ? '' : reasons(error));
    return false;
  } finally {
    buttons.forEach((button) => button.removeAttribute('aria-disabled'));
  }
}
