// A plain WebSocket client of the messaging protocol, and the history by the token it is given there.

import axios from 'axios';

import { Messenger } from './messenger.mjs';
import { base, messagingDeployment, report } from './program.mjs';

const messenger = await Messenger.open(base, messagingDeployment);
const facts = { extensions: messenger.socket.extensions || 'none' };

messenger.send({ action: 'configureSession', deploymentId: messagingDeployment, tracingId: 'first' });
const session = await messenger.next();
facts.session = { class: session.class, code: session.code, tracingId: session.tracingId, isNew: session.body.newSession };

messenger.send({
  action: 'onMessage',
  message: { type: 'Text', text: 'Grüße 👋' },
  channel: { metadata: { customAttributes: { plan: 'gold' } } },
});
const own = await messenger.next();
const bot = await messenger.next();
facts.chat = [own, bot].map(({ body }) => `${body.direction} ${body.type}: ${body.text}`);
facts.inOrder = Date.parse(own.body.channel.time) <= Date.parse(bot.body.channel.time);

messenger.send({ action: 'echo', message: { type: 'Text', text: 'ping' }, tracingId: 'heartbeat' });
const echo = await messenger.next();
facts.echo = { class: echo.class, tracingId: echo.tracingId, text: echo.body.text };

messenger.send({ action: 'getJwt' });
const { class: kind, body } = await messenger.next();
facts.jwt = { class: kind, inFuture: body.exp * 1000 > Date.now() };

const history = await axios.get(`${base}/api/v2/webmessaging/messages?pageSize=25&pageNumber=1`, {
  headers: { Authorization: `bearer ${body.jwt}` },
});
facts.history = history.data.entities.map((message) => `${message.direction} ${message.type}: ${message.text}`);
facts.sameIds = history.data.entities.map((message) => message.id).join() === [bot, own].map(({ body }) => body.id).join();

messenger.send({ action: 'onMessage', message: { type: 'Text', text: 'bye' } });
const [, farewell, end] = [await messenger.next(), await messenger.next(), await messenger.next()];
facts.end = [`${farewell.body.direction} ${farewell.body.type}: ${farewell.body.text}`];
facts.end.push(`${end.body.direction} ${end.body.type}: ${JSON.stringify(end.body.events)}`);

// strict clients die of a frame without type, of a code other than 200, and of a message without a time
const timed = ({ body }) => !Number.isNaN(Date.parse(body.channel.time));
facts.strict = {
  types: [...new Set(messenger.frames.map(({ type }) => type))].sort(),
  codes: [...new Set(messenger.frames.map(({ code }) => code))],
  timed: messenger.frames.filter((frame) => frame.type === 'message').every(timed),
};

messenger.send({ action: 'dance' });
const refused = await messenger.next();
facts.refused = { class: refused.class, code: refused.code, body: refused.body };
facts.closed = await messenger.close();
report(facts);
