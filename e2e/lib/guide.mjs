import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from './product.mjs';
import { DEADLINE_MS } from './wait.mjs';

// under e2e, so that modules find the packages of e2e/node_modules
const FOLDER = join(ROOT, 'e2e', 'target', 'guide');
const run = promisify(execFile);

let serial = 0;

/** The code of a document, as its reader would copy it. */
export class Guide {
  #snippets;

  static async read(name) {
    const text = await readFile(join(ROOT, 'docs', name), 'utf8');
    await mkdir(FOLDER, { recursive: true });
    return new Guide([...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({ language, code })));
  }

  constructor(snippets) {
    this.#snippets = snippets;
  }

  get languages() {
    return this.#snippets.map(({ language }) => language);
  }

  all(language) {
    return this.#snippets.filter((snippet) => snippet.language === language).map(({ code }) => code);
  }

  /** The one snippet of the language that has this text. */
  only(language, mark) {
    const found = this.all(language).filter((code) => code.includes(mark));
    if (found.length !== 1) {
      throw new Error(`expected one snippet of ${language} with ${mark}, got ${found.length}`);
    }
    return found[0];
  }

  /** The assignments of the one shell snippet with this text. */
  variables(mark) {
    return Object.fromEntries(this.only('sh', mark).trim().split('\n').map((line) => line.split('=')));
  }
}

/** The code with each text replaced, each of which has to be there. */
export function adapted(code, replacements) {
  return Object.entries(replacements).reduce((result, [from, to]) => {
    if (!result.includes(from)) {
      throw new Error(`the snippet has no ${from}:\n${code}`);
    }
    return result.replaceAll(from, to);
  }, code);
}

async function saved(code, ending) {
  const file = join(FOLDER, `${process.pid}-${++serial}.${ending}`);
  await writeFile(file, code);
  return file;
}

/** The module that the code is; a new one each time. */
export async function module(code) {
  return import(pathToFileURL(await saved(code, 'mjs')));
}

/** Fails unless PHP can parse the code. */
export async function lint(code) {
  await run('php', ['-l', await saved(code, 'php')], { timeout: DEADLINE_MS });
}

/** What the PHP scripts print, run one after the other in one process; whatever PHP complains of is a failure. */
export async function php(scripts, env) {
  const files = await Promise.all(scripts.map((code) => saved(code, 'php')));
  const main = await saved(
    `<?php
set_error_handler(fn ($level, $message, $file, $line) => throw new ErrorException($message, 0, $level, $file, $line));
${files.map((file) => `require ${JSON.stringify(file)};`).join('\n')}
`,
    'php',
  );
  const { stdout } = await run('php', ['-d', 'error_reporting=-1', main], {
    env: { PATH: process.env.PATH, ...env },
    timeout: DEADLINE_MS,
  });
  return stdout;
}
