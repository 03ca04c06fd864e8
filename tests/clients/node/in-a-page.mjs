// A page of the platform's own host in Chromium: its calls and its socket go to other hosts of the region.

import { chromium } from 'playwright-core';

import { browserFlags, messagingDeployment, report } from './program.mjs';

const proxy = process.env.HTTPS_PROXY;
const browser = await chromium.launchPersistentContext(process.argv[3], {
  executablePath: process.argv[4],
  // the proxy is for loopback too, which nothing here asks for
  proxy: { server: proxy },
  args: browserFlags,
});
const facts = {};
try {
  const page = await browser.newPage();
  await page.goto('https://apps.mypurecloud.com/');
  facts.secure = await page.evaluate(() => isSecureContext && location.host);
  facts.page = (await page.textContent('body')).split(':')[0];
  facts.issuer = await page.evaluate(async () => {
    const answer = await fetch('https://login.mypurecloud.com/.well-known/openid-configuration');
    return (await answer.json()).issuer;
  });
  facts.socket = await page.evaluate(
    (deploymentId) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`wss://webmessaging.mypurecloud.com/v1?deploymentId=${deploymentId}`);
        const configure = { action: 'configureSession', deploymentId, token: crypto.randomUUID() };
        socket.onopen = () => socket.send(JSON.stringify(configure));
        socket.onmessage = ({ data }) => resolve(`${JSON.parse(data).class} ${JSON.parse(data).code}`);
        socket.onerror = () => resolve('error');
      }),
    messagingDeployment,
  );
  const refused = await page.goto('https://example.com/').catch((error) => error.message.split('\n')[0]);
  facts.stray = refused.replace(/^.*(net::\S+).*$/, '$1');
} finally {
  await browser.close();
}
report(facts);
