import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './product.mjs';

const FROM = join(ROOT, 'auth-endpoint', 'src', 'main', 'resources', 'web', 'assets');
const COPY = join(ROOT, 'e2e', 'target', 'page-modules');

/** A module of the demo page, without a page. Node takes `.js` for one only where a package.json says so. */
export function pageModule(name) {
  mkdirSync(COPY, { recursive: true });
  cpSync(FROM, COPY, { recursive: true });
  writeFileSync(join(COPY, 'package.json'), '{"type":"module"}');
  return import(pathToFileURL(join(COPY, `${name}.js`)));
}
