// A whole legacy web chat with the vendor's guest client in two versions, each unmodified, and what its page hears of it.

import { createRequire } from 'node:module';
import WebSocket from 'ws';

import { base, report } from './program.mjs';

const require = createRequire(import.meta.url);
const org = '00000000-0000-4000-8000-0000000000aa';
const agent = '00000000-0000-4000-8000-0000000000bb';
const deployment = '00000000-0000-4000-8000-0000000000cf';

// the agent's side, by the Platform API
const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'emulator-client', client_secret: 'emulator-secret' });
const { access_token: token } = await (await fetch(`${base}/oauth/token`, { method: 'POST', body: form })).json();
async function api(method, path, body) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${base}/api/v2/${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.headers.get('content-length') === '0' ? undefined : answer.json();
}
await api('PUT', `users/${agent}/routingstatus`, { status: 'IDLE' });

/** The frames of an event stream, one after the other; undefined when it is closed. */
function events(uri) {
  const socket = new WebSocket(uri);
  const read = [];
  const waiting = [];
  const put = (frame) => (waiting.length ? waiting.shift()(frame) : read.push(frame));
  socket.on('message', (data) => put(JSON.parse(data.toString())));
  socket.on('close', (code) => put({ closed: code }));
  return () => new Promise((resolve) => (read.length ? resolve(read.shift()) : waiting.push(resolve)));
}

async function chat(name) {
  const { ApiClient, WebChatApi } = require(name);
  const client = ApiClient.instance;
  client.config.basePath = base;
  const guest = new WebChatApi();
  const created = await guest.postWebchatGuestConversations({
    organizationId: org,
    deploymentId: deployment,
    routingTarget: { targetType: 'QUEUE', targetAddress: 'Chat Queue' },
    memberInfo: { displayName: 'Jo Guest', customFields: { plan: 'gold' } },
  });
  client.setJwt(created.jwt);
  const [id, own] = [created.id, created.member.id];
  const next = events(created.eventStreamUri);
  const heard = [];
  const roles = {};
  async function until(fits) {
    for (;;) {
      const { eventBody: body, metadata, closed } = await next();
      if (closed) return { closed };
      if (!metadata) continue;
      const who = roles[(body.sender ?? body.member).id] ?? '?';
      const what = body.member ? body.member.state : (body.bodyType ?? '');
      heard.push([metadata.type, who, what, body.body].filter(Boolean).join(' '));
      if (fits(metadata.type, body)) return body;
    }
  }
  roles[own] = 'customer';

  const alerted = await until((type, body) => body.member?.state === 'ALERTING');
  const members = await guest.getWebchatGuestConversationMembers(id, { pageSize: 25, pageNumber: 1 });
  for (const member of members.entities) roles[member.id] = member.role.toLowerCase();
  await api('PATCH', `conversations/chats/${id}/participants/${alerted.member.id}`, { state: 'connected' });
  await until((type, body) => body.bodyType === 'member-leave');

  const said = await guest.postWebchatGuestConversationMemberMessages(id, own, { body: 'Grüße 👋', bodyType: 'standard' });
  const echoed = await until((type, body) => body.bodyType === 'standard');
  const whole = await api('GET', `conversations/${id}`);
  const communication = whole.participants.find((one) => one.id === alerted.member.id).chats[0].id;
  await api('POST', `conversations/chats/${id}/communications/${communication}/typing`);
  await until((type) => type === 'typing-indicator');
  await api('POST', `conversations/chats/${id}/communications/${communication}/messages`, { body: 'Hello' });
  await until((type, body) => body.body === 'Hello');
  await guest.postWebchatGuestConversationMemberTyping(id, own);
  await until((type) => type === 'typing-indicator');

  const member = await guest.getWebchatGuestConversationMember(id, own);
  const listed = await guest.getWebchatGuestConversationMessages(id, { sortOrder: 'ascending', maxResults: 100 });
  const one = await guest.getWebchatGuestConversationMessage(id, said.id);
  const requests = await guest.getWebchatGuestConversationMediarequests(id);
  await guest.deleteWebchatGuestConversationMember(id, own);
  const end = await until(() => false);
  const refused = await guest.postWebchatGuestConversationMemberTyping(id, own).catch((error) => error.body ?? error);
  return {
    heard,
    echoed: echoed.id === said.id && one.body === said.body,
    fields: member.customFields,
    lines: listed.entities.filter((line) => line.bodyType === 'standard').map((line) => `${line.sender.role}: ${line.body}`),
    requests: requests.entities.length,
    closed: end.closed,
    refused: refused.code,
  };
}

report({
  '8.1.3': await chat('purecloud-guest-chat-client-8'),
  '13.2.0': await chat('purecloud-guest-chat-client'),
});
