// Channels, and what went wrong on them: connect, test, what was not delivered and what could not be read.

import assert from 'node:assert/strict';
import { REFUSED, api, everywhere, hook, inbound, provider, until, whatsapp } from './house.mjs';
import { forgive, inspect } from './kit.mjs';

const ECHO = {
  flusso: 1,
  name: 'Listino WhatsApp',
  nodes: [
    { id: 'k1', kind: 'keyword', phrases: [{ text: 'prezzi nuovi', match: 'exact' }], exits: { next: 'm1' } },
    { id: 'm1', kind: 'message', text: 'Ecco i prezzi nuovi.' },
  ],
};

/// Marco writes to the WhatsApp of the shop.
const marco = () => inbound('393331234567', 'Marco Rossi', { type: 'text', text: { body: 'prezzi nuovi' } });

everywhere('a channel is connected, mended and deleted', async (page, flusso, keep) => {
  await page.goto(`${flusso.url}/channels`);
  await inspect(page);
  await keep('channels');
  await page.goto(`${flusso.url}/channels/new`);
  await inspect(page);
  await keep('channel-choose');
  await page.click('a[href$="kind=whatsapp"]');
  await page.waitForSelector('[name=access_token]');
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
  await page.goto(`${page.url().replace(/[?#].*/, '')}/delete`);
  await inspect(page);
  await page.click('.button-bad');
  await page.waitForSelector('#channels');
  assert.equal(await page.locator('h2:has-text("Negozio")').count(), 0);
}, { also: [{ shape: 'dark' }, { shape: 'desk', language: 'en' }] });

everywhere('a test message is sent, and a refused one says why', (page, flusso, keep) => provider(async (fake) => {
  const channel = await whatsapp(flusso, fake.url);
  assert.equal(await hook(flusso, channel, marco()), 200);
  assert.equal(await hook(flusso, channel, marco(), 'another secret'), 401);
  const test = async () => {
    await page.goto(`${flusso.url}/channels/${channel.id}`);
    await page.fill('#to', '+39 333 1234567');
    await page.click('form[action$="/tests"] button');
    await page.waitForSelector('.toast, #flash .banner');
  };
  await test();
  await until(() => fake.seen.length, (count) => count > 0);
  await inspect(page);
  await keep('channel-tested');
  fake.answer = () => REFUSED;
  await test();
  await until(async () => { await page.goto(`${flusso.url}/undelivered`); return page.locator('article').count(); }, (count) => count === 1);
  await inspect(page);
  await page.goto(`${flusso.url}/channels/${channel.id}`);
  assert.ok(await page.locator('.count-bad').count() > 0, 'every page says that something was not delivered');
  await inspect(page);
  await keep('channel-refused');
}));

everywhere('what was not delivered is listed with its reason, tried again and given up', (page, flusso, keep) => provider(async (fake) => {
  fake.answer = () => REFUSED;
  await api(flusso, 'POST', '/flows?enable=true', ECHO);
  const channel = await whatsapp(flusso, fake.url);
  for (let count = 0; count < 2; count += 1) assert.equal(await hook(flusso, channel, marco()), 200);
  await until(async () => (await api(flusso, 'GET', '/outbox?state=dead')).items.length, (count) => count === 2);
  await page.goto(`${flusso.url}/undelivered`);
  assert.equal(await page.locator('article').count(), 2);
  await inspect(page);
  await keep('undelivered-rows');
  fake.answer = ({ to }) => [200, { messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to }], messages: [{ id: 'wamid.again' }] }];
  const sent = fake.seen.length;
  await page.locator('form[action$="/retry"] button').first().click();
  await until(() => fake.seen.length, (count) => count === sent + 1);
  await until(async () => { await page.goto(`${flusso.url}/undelivered`); return page.locator('article').count(); }, (count) => count === 1);
  await page.locator('form[action*="/undelivered/"][action$="method=delete"] button').click();
  await page.waitForSelector('.empty');
  await inspect(page);
  await keep('undelivered-empty');
}), { also: [{ shape: 'dark' }, { shape: 'desk', language: 'en' }] });

everywhere('what could not be read is kept, looked into, read again and deleted', (page, flusso, keep) => provider(async (fake) => {
  const channel = await whatsapp(flusso, fake.url);
  await hook(flusso, channel, { messages: 'not a list of messages' });
  await page.goto(`${flusso.url}/unread`);
  assert.equal(await page.locator('article').count(), 1);
  await page.locator('article summary').click();
  await page.waitForSelector('pre:has-text("not a list of messages")');
  await inspect(page);
  await keep('unread-rows');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')]);
  assert.match(download.suggestedFilename(), /^unread-/);
  await page.locator('form[action$="/retry"] button').click();
  await page.waitForSelector('#flash .banner, .toast');
  await page.goto(`${flusso.url}/unread`);
  assert.equal(await page.locator('article').count(), 1, 'what still cannot be read stays');
  await page.locator('form[action*="/unread/"][action$="method=delete"] button').click();
  await page.waitForSelector('.empty');
  await inspect(page);
  await keep('unread-empty');
}), { also: [{ shape: 'dark' }, { shape: 'desk', language: 'en' }] });
