// The people of a shop: who may come in and do what, the recovery phrase, and who is left out of a start by hand.

import assert from 'node:assert/strict';
import { forgive, inTurn, inspect, journey, shot, start } from './kit.mjs';

const PASSWORD = 'una frase abbastanza lunga';

for (const { shape, long } of [...inTurn(), { shape: 'dark', long: true }]) {
  journey(`an owner adds a person, who is told what is not for them, ${shape}`, async ({ open }) => {
    const flusso = await start();
    try {
      const page = await open(shape);
      const keep = (name) => shot(page, `${name}-${shape}`);
      await page.goto(await flusso.setup());
      await page.fill('#name', 'Anna');
      await page.fill('#password', PASSWORD);
      await page.click('main form button');
      await page.waitForURL(/\/first$/);
      await page.goto(`${flusso.url}/simulator`);
      await page.fill('.compose textarea', 'ciao');
      await page.click('.compose button');
      await page.waitForSelector('.chat-why');
      await page.goto(`${flusso.url}/settings/people`);
      await inspect(page);
      await page.fill('#name', 'Bruno');
      await page.fill('#password', 'passwordpassword');
      await page.click('form[action="/settings/people"] button');
      await page.waitForSelector('#password-fault');
      forgive(page);
      await inspect(page);
      await page.fill('#name', 'Bruno');
      await page.fill('#password', `${PASSWORD} di Bruno`);
      await page.click('form[action="/settings/people"] button');
      await page.waitForSelector('.list >> text=Bruno');
      await inspect(page);
      await keep('people');
      await page.click('a[aria-label="Modifica Bruno"]');
      await page.waitForSelector('h1:has-text("Bruno")');
      await inspect(page);
      await keep('person');
      await page.goto(`${flusso.url}/settings/backup`);
      await inspect(page);
      await page.fill('#password', PASSWORD);
      await page.click('form[action="/settings/backup/phrase"] button');
      await page.waitForSelector('#phrase');
      assert.equal((await page.inputValue('#phrase')).trim().split(' ').length, 12);
      await inspect(page);
      await keep('recovery-phrase');
      await page.goto(`${flusso.url}/contacts`);
      await page.locator('input[name=contact]').first().check();
      await page.click('.bulk button');
      await page.waitForSelector('form[action="/contacts/start"] input[name=key]', { state: 'attached' });
      await inspect(page);
      await keep('start-preview');
      await page.goto(`${flusso.url}/flows/new`);
      await inspect(page);
      const other = await open(shape);
      await other.goto(`${flusso.url}/login`);
      await other.fill('#name', 'Bruno');
      await other.fill('#password', `${PASSWORD} di Bruno`);
      await other.click('main form button');
      await other.waitForURL(/flows/);
      await inspect(other);
      await other.goto(`${flusso.url}/settings/backup`);
      await other.waitForSelector('text=Anna (proprietario)');
      forgive(other);
      await inspect(other);
      await shot(other, `not-allowed-${shape}`);
      await flusso.stop();
    } finally {
      await flusso.remove();
    }
  }, { long });
}
