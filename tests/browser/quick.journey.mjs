// Quick replies: the sixteen with one click, one completed, one sent from a chat.

import assert from 'node:assert/strict';
import { inTurn, inspect, journey, shot, start } from './kit.mjs';

for (const { shape, long } of inTurn()) {
  journey(`the sixteen quick replies come with one click and a slash finds them, ${shape}`, async ({ open }) => {
    const flusso = await start();
    try {
      const page = await open(shape);
      // A tall window, so that what sticks to the edges covers nothing while targets are measured.
      const look = async () => {
        const size = page.viewportSize();
        await page.setViewportSize({ width: size.width, height: 3000 });
        await inspect(page);
        await page.setViewportSize(size);
      };
      const keep = (name) => shot(page, `${name}-${shape}`);
      await page.goto(await flusso.setup());
      await page.fill('#name', 'Anna');
      await page.fill('#password', 'una frase abbastanza lunga');
      await page.click('main form button');
      await page.waitForLoadState();
      await page.goto(`${flusso.url}/quick-replies`);
      await inspect(page);
      await keep('quick-empty');
      await page.click('form[action="/quick-replies/pack"] button');
      await page.waitForSelector('#flash .banner');
      await inspect(page);
      await keep('quick-replies');
      assert.equal(await page.locator('#quick-replies li').count(), 16);
      await page.fill('#q', 'bonifico');
      await page.click('#quick-replies form.row button');
      await page.waitForURL(/q=bonifico/);
      await page.click('text=/iban');
      await inspect(page);
      await keep('quick-form');
      await page.fill('[name="ask.iban"]', 'IT60 X054 2811 1010 0000 0123 456');
      await page.click('main form button.button-primary');
      await page.waitForURL(/quick-replies$/);

      await page.goto(`${flusso.url}/simulator`);
      await page.fill('.compose textarea', 'buongiorno');
      await page.click('.compose button');
      await page.waitForSelector('.bubble');
      await page.goto(`${flusso.url}/contacts`);
      await page.click('.rows .name');
      await page.waitForSelector('#chat');
      if (shape.startsWith('plain')) {
        await page.click('#quick > summary');
      } else {
        await page.fill('#text', '/att');
        await page.waitForSelector('#quick[open]');
        assert.equal(await page.locator('#quick li:visible').count(), 1, 'only /attesa is left');
      }
      await look();
      await keep('quick-chat');
      await page.click('#quick li[data-shortcut="attesa"] a');
      await page.waitForURL(/reply=/);
      assert.equal(await page.inputValue('#text'), 'Sto controllando: ti rispondo tra [minutes] minuti.');
      await look();
      await page.fill('#text', 'Sto controllando: ti rispondo tra 5 minuti.');
      await page.click('form.compose button');
      await page.waitForSelector('.bubble:has-text("tra 5 minuti")');
      await flusso.stop();
    } finally {
      await flusso.remove();
    }
  }, { long });
}
