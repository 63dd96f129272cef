// The pages about people and machines: the simulator, runs, contacts, channels, what was not delivered or read, settings.

import assert from 'node:assert/strict';
import { forgive, inspect, journey, shot, start } from './kit.mjs';

const PASSWORD = 'una frase abbastanza lunga';

/// Sets Flusso up in the shape of this page, with the simulator and the welcome to try.
async function setUp(page, flusso) {
  await page.goto(await flusso.setup());
  await page.fill('#name', 'Anna');
  await page.fill('#password', PASSWORD);
  await page.click('main form button');
  await page.waitForLoadState();
}

/// Starts Flusso, sets it up in one of the shapes, and takes it away at the end.
function walk(shape, use) {
  return async ({ open }) => {
    const flusso = await start();
    try {
      const page = await open(shape);
      await setUp(page, flusso);
      await use(page, flusso.url, (name) => shot(page, `${name}-${shape}`));
      await flusso.stop();
    } finally {
      await flusso.remove();
    }
  };
}

/// Writes as the person who is talking.
async function say(page, text) {
  await page.fill('.compose textarea', text);
  await page.click('.compose button');
}

for (const shape of ['desk', 'phone', 'plain']) {
  journey(`an invented person talks and presses, ${shape}`, walk(shape, async (page, url, keep) => {
    await page.goto(`${url}/simulator`);
    await inspect(page);
    await say(page, 'ciao');
    await page.waitForSelector('.bubble-choices button');
    await page.waitForSelector('.chat-why');
    await inspect(page);
    await page.locator('.chat-why summary').first().click();
    await keep('simulator');
    const before = await page.locator('.bubble').count();
    await page.locator('.bubble-choices button').first().click();
    await page.waitForFunction((count) => document.querySelectorAll('.bubble').length > count, before);
    await inspect(page);
    await keep('simulator-pressed');
    await page.locator('details:has(#person-name) > summary').click();
    await page.fill('#person-name', 'Bruno Neri');
    await page.locator('details:has(#person-name) form button').click();
    await page.waitForSelector('.people a[aria-current]:has-text("Bruno")');
    await inspect(page);
  }));

  journey(`a contact is found, written to and started, ${shape}`, walk(shape, async (page, url, keep) => {
    await page.goto(`${url}/simulator`);
    await say(page, 'ciao');
    await page.waitForSelector('.bubble-choices button');
    await page.goto(`${url}/contacts?q=giu`);
    await inspect(page);
    await keep('contacts');
    await page.click('.rows .name');
    await page.waitForSelector('#chat');
    await inspect(page);
    await say(page, 'Ciao, sono Anna in persona');
    await page.waitForSelector('.bubble:has-text("in persona")');
    if (shape === 'plain') await page.waitForSelector('#flash .banner');
    await inspect(page);
    await keep('contact');
    await page.reload();
    await page.fill('#new-tag', 'cliente');
    await page.click('#new-tag + button');
    await page.waitForSelector('.tag-button');
    await page.goto(page.url().replace(/[?#].*/, '') + '/edit');
    await inspect(page);
    await page.fill('[name="fields.0.name"]', 'città');
    await page.fill('[name="fields.0.value"]', 'Padova');
    await page.click('main form.card .button-primary');
    await page.waitForSelector('dd:has-text("Padova")');
    await page.click('a[href^="/contacts/start"]');
    await page.waitForSelector('input[name=contact]');
    await inspect(page);
    await keep('start');
    await page.click('main form .button-primary');
    await page.waitForSelector('.list .badge');
    await inspect(page);
    await keep('started');
  }));

  journey(`a run is looked into, held, moved and stopped, ${shape}`, walk(shape, async (page, url, keep) => {
    await page.goto(`${url}/simulator`);
    await say(page, 'ciao');
    await page.waitForSelector('.bubble-choices button');
    await page.goto(`${url}/runs`);
    await inspect(page);
    await keep('runs');
    await page.click('.rows .name');
    await page.waitForSelector('.timeline');
    await inspect(page);
    await keep('run');
    await page.click('form[action$="/hold"] .button >> nth=0');
    await page.waitForSelector('form[action$="/hold?method=delete"]');
    await inspect(page);
    await page.click('form[action$="/hold?method=delete"] .button-primary');
    await page.waitForSelector('form[action$="/hold"]');
    await page.goto(page.url().replace(/[?#].*/, '') + '/stop');
    await inspect(page);
    await keep('run-stop');
    await page.click('.button-bad');
    await page.waitForSelector('.timeline');
    assert.equal(await page.locator('form[action*="/actions/"]').count(), 0);
    await inspect(page);
  }));

  journey(`a channel is connected, mended and deleted, ${shape}`, walk(shape, async (page, url, keep) => {
    await page.goto(`${url}/channels`);
    await inspect(page);
    await keep('channels');
    await page.goto(`${url}/channels/new`);
    await inspect(page);
    await page.click('a[href$="kind=whatsapp"]');
    await page.waitForSelector('[name=access_token]');
    await inspect(page);
    await page.fill('[name=name]', 'Negozio');
    await page.click('main form .button-primary');
    await page.waitForSelector('.fault');
    assert.equal(await page.inputValue('[name=name]'), 'Negozio');
    forgive(page);
    await inspect(page);
    await keep('channel-faults');
    await page.fill('[name=phone_number_id]', '106540352242922');
    for (const name of ['access_token', 'app_secret', 'verify_token']) await page.fill(`[name=${name}]`, `${name}-1`);
    await page.click('main form .button-primary');
    await page.waitForSelector('#hook');
    await inspect(page);
    assert.ok((await page.inputValue('#hook')).includes('/hooks/'));
    assert.ok(!(await page.content()).includes('access_token-1'));
    await keep('channel');
    await page.goto(page.url().replace(/[?#].*/, '') + '/delete');
    await inspect(page);
    await page.click('.button-bad');
    await page.waitForSelector('#channels');
    assert.equal(await page.locator('h2:has-text("Negozio")').count(), 0);
  }));

  journey(`settings are changed, and everything is paused, ${shape}`, walk(shape, async (page, url, keep) => {
    for (const tab of ['', '/messages', '/account', '/backup', '/keys']) {
      await page.goto(`${url}/settings${tab}`);
      await inspect(page);
      await keep(`settings${tab.replace('/', '-')}`);
    }
    await page.fill('#name', 'Gestionale');
    await page.click('main form .button-primary');
    await page.waitForSelector('#key');
    assert.match(await page.inputValue('#key'), /^flusso_/);
    await inspect(page);
    await page.goto(`${url}/settings`);
    await page.locator('label.day').first().click();
    await page.fill('[name="business_hours.0.from"]', '09:00');
    await page.fill('[name="business_hours.0.to"]', '18:00');
    await page.click('main form .button-primary');
    await page.waitForSelector('[name="business_hours.1.from"]');
    await inspect(page);
    for (const place of ['undelivered', 'unread']) {
      await page.goto(`${url}/${place}`);
      await inspect(page);
      await keep(place);
    }
    await page.click('.switch');
    await page.waitForSelector('.switch[aria-pressed=true]');
    await inspect(page);
    await page.click('.switch');
    await page.waitForSelector('.switch[aria-pressed=false]');
  }));
}
