import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Server } from '../lib/product.mjs';
import { until } from '../lib/wait.mjs';

// What is shipped: the warm-up is about its compilers.
process.env.CARILLON_JAVA_OPTS = '';

async function start(t, when) {
  const server = await Server.start({ server: { warm_up: when } });
  t.after(() => server.dispose());
  return server;
}

test('the port opens when the JVM is warm', async (t) => {
  const server = await start(t, 'before');

  assert.ok(await server.ready());
  assert.match(server.log, /Server warm.*Server listening/s);
});

test('the port is open while the JVM warms up', async (t) => {
  const server = await start(t, 'beside');

  await until(() => server.ready(), 'ready', { deadlineMs: 180_000 });

  assert.match(server.log, /Server listening.*Server warm/s);
});

test('without a warm-up it is ready at once', async (t) => {
  const server = await start(t, 'none');

  await until(() => server.ready(), 'ready');
  assert.doesNotMatch(server.log, /Server warm/);
});
