// What scripts/vendor.mjs packed is complete: every name has a file, and every import between files resolves.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../static/vendor/', import.meta.url);
const files = new Set(readdirSync(folder));
const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8'));

test('every name in the manifest stands for a file with a hash in its name', () => {
  const named = [...Object.values(manifest.modules), ...Object.values(manifest.styles), ...manifest.shared];
  assert.ok(named.length > 0);
  for (const file of named) {
    assert.match(file, /-[0-9A-Z]{8}\.(js|css)$/);
    assert.ok(files.has(file), file);
  }
});

test('packed modules import nothing but one another', () => {
  for (const file of [...files].filter((name) => name.endsWith('.js'))) {
    const source = readFileSync(new URL(file, folder), 'utf8');
    for (const [, wanted] of source.matchAll(/\b(?:from|import)\s*"([^"]+)"/g)) {
      assert.ok(wanted?.startsWith('./') && files.has(wanted.slice(2)), `${file} imports ${wanted}`);
    }
  }
});

test('React is packed for production', () => {
  const client = readFileSync(new URL(manifest.modules['react-dom/client'], folder), 'utf8');
  assert.doesNotMatch(client, /react-dom-client\.development/);
});

test('the licence of every dependency is packed', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const licences = readFileSync(new URL('LICENSES.txt', folder), 'utf8');
  for (const [name, version] of Object.entries(dependencies)) {
    assert.ok(licences.includes(`${name} ${version}\n`), name);
  }
});
