import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, utimes } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { LAUNCHER, ROOT, Server } from '../lib/product.mjs';
import { until } from '../lib/wait.mjs';

const LINUX = { skip: process.platform !== 'linux' && 'needs Linux' };

/** Runs the launcher in a shell line, as "$@". */
function launch(line, commandLine, env = {}) {
  return spawn('/bin/sh', ['-c', line, 'sh', LAUNCHER, ...commandLine], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

test('without a locale, arguments arrive as they were typed', LINUX, async (t) => {
  const bodies = [];
  const server = createServer(async (request, response) => {
    bodies.push(JSON.parse(await text(request)));
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const data = '{"x":"ü€😀"}';
  const url = `http://127.0.0.1:${server.address().port}`;

  const trigger = launch('exec "$@"', ['trigger', 'app-id', 'news', 'greeting', data, '--url', url], {
    LC_ALL: '',
    LC_CTYPE: '',
    LANG: '',
  });

  assert.deepEqual(await once(trigger, 'exit'), [0, null]);
  assert.equal(bodies[0].data, data);
});

test('output that cannot be written is a failure', LINUX, async () => {
  const check = launch('exec "$@" > /dev/full', ['check']);

  const [said, [code]] = await Promise.all([text(check.stderr), once(check, 'exit')]);

  assert.equal(code, 1);
  assert.equal(said, 'the output cannot be written\n');
});

test('a server that may not open more files says so, and goes on when some are closed', LINUX, async (t) => {
  const server = await Server.prepare();
  const process = launch('ulimit -n 150; exec "$@"', ['serve', '--config', server.file]);
  t.after(() => process.kill('SIGKILL'));
  let log = '';
  process.stderr.on('data', (more) => (log += more));
  await until(() => log.includes('Server listening'), 'the server listens', { deadlineMs: 30_000 });

  const sockets = Array.from({ length: 200 }, () => connect(server.port, '127.0.0.1').on('error', () => {}));
  await until(() => log.includes('Connections wait'), 'it says that connections wait', { deadlineMs: 10_000 });
  sockets.forEach((socket) => socket.destroy());

  const answer = await fetch(`http://127.0.0.1:${server.port}/up`);
  assert.equal(answer.status, 200);
  assert.match(log, /ERROR Connections wait, they cannot be accepted reason="Too many open files"/);
  assert.doesNotMatch(log, /exceptionCaught/);
});

test('it builds after a change, and once', LINUX, async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'carillon-home-'));
  t.after(() => rm(home, { recursive: true }));
  const parts = ['.mvn', 'mvnw', 'carillon', 'pom.xml', 'protocol', 'auth-endpoint', 'server'];
  const copy = spawn('cp', ['-a', '--parents', ...parts, 'e2e/pom.xml', 'benchmarks/pom.xml', home], { cwd: ROOT });
  assert.deepEqual(await once(copy, 'exit'), [0, null]);
  const said = async () => {
    const version = spawn(join(home, 'carillon'), ['--version'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [error, [code]] = await Promise.all([text(version.stderr), once(version, 'exit')]);
    assert.equal(code, 0, error);
    return error;
  };

  await said(); // builds, if the checkout was edited
  assert.equal(await said(), '');
  const now = new Date();
  await utimes(join(home, 'protocol/src/main/java/dev/carillon/protocol/Utf8.java'), now, now);
  const jar = join(home, 'server/target/carillon-server.jar');
  const opened = await open(jar); // as a server that runs has it
  t.after(() => opened.close());

  assert.match(await said(), /^carillon: building, as /);
  assert.equal((await opened.stat()).nlink, 0);
  assert.equal(await said(), '');
});
