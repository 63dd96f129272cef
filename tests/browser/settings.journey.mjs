// Settings: hours, words, look, password, keys, the backup, and the switch that pauses everything.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { PASSWORD, everywhere } from './house.mjs';
import { forgive, inspect } from './kit.mjs';

const ALSO = [{ shape: 'dark' }, { shape: 'desk', language: 'en' }, { shape: 'phone', language: 'en' }];

everywhere('settings are changed, and everything is paused', async (page, flusso, keep) => {
  for (const tab of ['', '/messages', '/account', '/backup', '/keys']) {
    await page.goto(`${flusso.url}/settings${tab}`);
    await inspect(page);
    await keep(`settings${tab.replace('/', '-')}`);
  }
  await page.fill('#name', 'Gestionale');
  await page.click('main form .button-primary');
  await page.waitForSelector('#key');
  assert.match(await page.inputValue('#key'), /^flusso_/);
  await inspect(page);
  await keep('settings-key-made');
  await page.goto(`${flusso.url}/settings`);
  await page.locator('label.day').first().click();
  await page.fill('[name="business_hours.0.from"]', '09:00');
  await page.fill('[name="business_hours.0.to"]', '18:00');
  await page.click('main form .button-primary');
  await page.waitForSelector('[name="business_hours.1.from"]');
  await inspect(page);
  for (const place of ['undelivered', 'unread']) {
    await page.goto(`${flusso.url}/${place}`);
    await inspect(page);
  }
  await page.click('.switch');
  await page.waitForSelector('.switch[aria-pressed=true]');
  await inspect(page);
  await keep('paused');
  await page.click('.switch');
  await page.waitForSelector('.switch[aria-pressed=false]');
}, { also: ALSO });

everywhere('the password is changed, and the new one opens the door', async (page, flusso, keep) => {
  const change = async (old, fresh) => {
    await page.goto(`${flusso.url}/settings/account`);
    await page.fill('#old', old);
    await page.fill('#new', fresh);
    await page.click('form[action$="/password"] button');
  };
  await change('non è questa frase', 'una frase del tutto nuova');
  await page.waitForSelector('.fault');
  forgive(page);
  await inspect(page);
  await keep('password-wrong');
  await change(PASSWORD, 'una frase del tutto nuova');
  await page.waitForSelector('#flash .tone-good');
  await inspect(page);
  await page.context().clearCookies();
  await page.goto(`${flusso.url}/flows`);
  await page.waitForSelector('form[action="/login"]');
  forgive(page);
  await inspect(page);
  await keep('login');
  await page.fill('#name', 'Anna');
  await page.fill('#password', PASSWORD);
  await page.click('main form button');
  await page.waitForSelector('.banner');
  forgive(page);
  await inspect(page);
  await keep('login-wrong');
  await page.fill('#name', 'Anna');
  await page.fill('#password', 'una frase del tutto nuova');
  await page.click('main form button');
  await page.waitForURL(/flows/);
});

everywhere('a backup is downloaded, and every record in it can be read', async (page, flusso) => {
  await page.goto(`${flusso.url}/settings/backup`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[href="/settings/backup/file"]')]);
  const file = join(flusso.folder, 'downloaded.redb');
  copyFileSync(await download.path(), file);
  const said = execFileSync(process.env.FLUSSO_BINARY, ['check', file], { encoding: 'utf8' });
  assert.match(said, /flow/i);
  forgive(page);
  await inspect(page);
});
