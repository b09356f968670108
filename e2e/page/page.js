// Does what its query says, and writes down what it hears: one list item of JSON an event.
import Echo from '/echo.js';

const query = new URLSearchParams(location.search);
const events = document.querySelector('[data-testid=events]');

function note(what) {
  const item = document.createElement('li');
  item.textContent = JSON.stringify(what);
  events.append(item);
}

const echo = new Echo({
  broadcaster: query.get('broadcaster'),
  key: 'app-key',
  cluster: '',
  wsHost: '127.0.0.1',
  wsPort: Number(query.get('port')),
  forceTLS: false,
  enabledTransports: ['ws', 'wss'],
  authEndpoint: `/broadcasting/auth?user=${query.get('user')}`,
});
window.echo = echo;
echo.connector.pusher.connection.bind('state_change', ({ current }) => {
  document.querySelector('[data-testid=state]').textContent = current;
});

echo
  .channel('news')
  .listen('Published', (data) => note({ published: data }))
  .subscribed(() => note('subscribed to news'));
echo
  .private('orders')
  .listen('OrderShipped', (data) => note({ shipped: data }))
  .subscribed(() => note('subscribed to private-orders'));
echo
  .encryptedPrivate('vault')
  .listen('Opened', (data) => note({ opened: data }))
  .subscribed(() => note('subscribed to private-encrypted-vault'));
echo.private('forbidden').error((error) => note({ refused: error.status }));
window.room = echo
  .join('room')
  .here((users) => note({ here: users.map(({ name }) => name).sort() }))
  .joining(({ name }) => note({ joining: name }))
  .leaving(({ name }) => note({ leaving: name }))
  .listenForWhisper('typing', (data) => note({ whisper: data }));
