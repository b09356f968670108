import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { Server } from '../lib/product.mjs';
import { until } from '../lib/wait.mjs';

async function start(t, when) {
  const server = await Server.start({ server: { warm_up: when } });
  t.after(() => server.dispose());
  return server;
}

test('the port opens when the JVM is warm', async (t) => {
  const server = await start(t, 'before');

  await until(() => server.ready(), 'ready');
  assert.match(server.log, /Server warm millis.*Server listening/s);
  assert.doesNotMatch(server.log, /does not warm up further/);
});

test('the port is open while the JVM warms up', async (t) => {
  const server = await start(t, 'beside');

  await until(() => server.ready(), 'ready', { deadlineMs: 30_000 });

  assert.match(server.log, /Server listening.*Server warm millis/s);
  assert.doesNotMatch(server.log, /does not warm up further/);
});

test('without a warm-up it is ready at once', async (t) => {
  const server = await start(t, 'none');

  await until(() => server.ready(), 'ready');
  assert.doesNotMatch(server.log, /Server warm/);
});

test('a signal ends the warm-up, and the port stays closed', async (t) => {
  const server = await Server.prepare({ server: { warm_up: 'before' } });
  t.after(() => rm(server.directory, { recursive: true }));
  const start = server.start();
  start.catch(() => {}); // it never answers
  await until(() => server.log.includes('Server warms up'), 'the warm-up begins');

  assert.equal(await server.end(), 0);

  await assert.rejects(start, /ended: exit 0/);
  assert.doesNotMatch(server.log, /Server warm millis|Server listening|Exception/);
});
