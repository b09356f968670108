// Do not disturb, and the notifications that it holds.
import * as calls from './calls.js';
import { byId, element, run } from './dom.js';
import { EndField } from './end-field.js';
import { icon } from './icons.js';
import { clock } from './times.js';

const TOASTS_MAX = 5;

export function prepare() {
  const end = new EndField('dnd-end', 'dnd-own', ['60', '30', 'today', '', 'own'], { '': 'as long as I like' });
  const form = byId('dnd-form');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run(form, byId('dnd-error'), async () => {
      const { expires_at: until, duration } = end.value;
      await calls.setDnd({ until, duration });
      end.reset();
    });
  });
  const off = byId('dnd-off');
  off.addEventListener('click', () => run(off, byId('dnd-error'), () => calls.setDnd({ off: true })));
}

/** A notification has come: it is shown until it is closed. */
export function showNotification(notification) {
  const text = String(notification.message ?? notification.text ?? notification.type ?? 'Notification');
  const toast = element('li', 'toast', undefined, { 'data-testid': 'notification' });
  const words = element('div', 'toast-words');
  words.append(element('p', 'toast-text', text));
  if (notification.from) {
    words.append(element('p', 'dim', `${notification.from}, ${clock(Date.parse(notification.sent_at) || Date.now())}`));
  }
  const close = element('button', 'quiet', 'Close', { type: 'button', 'aria-label': `Close: ${text}` });
  close.addEventListener('click', () => toast.remove());
  toast.append(icon('bell'), words, close);
  const list = byId('toasts');
  list.append(toast);
  while (list.childElementCount > TOASTS_MAX) {
    list.firstElementChild.remove();
  }
}
