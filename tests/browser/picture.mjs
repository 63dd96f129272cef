// Takes the picture of the README from the panel itself: `FLUSSO_BINARY=… node tests/browser/picture.mjs`.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { api, says, setUp } from './house.mjs';
import { launch, open, start } from './kit.mjs';

const FILE = join(dirname(fileURLToPath(import.meta.url)), 'picture.png');
const BYTES_MAX = 150_000;

const browser = await launch();
const flusso = await start();
try {
  const page = await open(browser, 'desk', { locale: 'en-GB', viewport: { width: 1180, height: 760 } });
  await setUp(page, flusso);
  await page.goto(`${flusso.url}/settings/keys`);
  await page.fill('#name', 'Picture');
  for (const box of await page.locator('input[name=scope]').all()) await box.check();
  await page.click('main form.card .button-primary');
  flusso.key = await page.inputValue('#key');
  for (const name of ['Giulia', 'Marco', 'Paola']) await says(flusso, name, 'hello');
  const [{ id }] = (await api(flusso, 'GET', '/flows')).items;
  await page.goto(`${flusso.url}/flows/${id}/edit`);
  await page.screenshot({ path: FILE });
  await flusso.stop();
} finally {
  await flusso.remove();
  await browser.close();
}
const { size } = statSync(FILE);
assert.ok(size <= BYTES_MAX, `${FILE} has ${size} bytes, more than ${BYTES_MAX}`);
console.log(`${FILE}: ${size} bytes`);
