// Three generations of axios, with a constant host, as their proxy variables lead them: the older ones ask the proxy for an
// https URL in absolute form, the newest for a tunnel. A host that is none of the platform's is refused.

import axiosNow from 'axios';
import axiosOld from 'axios-0.27';
import axiosBefore from 'axios-1.16';

import { guestClient, report } from './program.mjs';

const API = 'https://api.mypurecloud.com';
const facts = {};
for (const [name, http] of Object.entries({ '0.27': axiosOld, '1.16': axiosBefore, '1.21': axiosNow })) {
  const form = `grant_type=client_credentials&client_id=${guestClient.id}&client_secret=${guestClient.secret}`;
  const { data: access } = await http.post(`${API}/oauth/token`, form);
  const headers = { Authorization: `Bearer ${access.access_token}` };
  const { data: guest } = await http.post(`${API}/api/v2/webchat/guest`, { name: 'Ann' }, { headers });
  const claims = JSON.parse(Buffer.from(guest.access_token.split('.')[1], 'base64url'));
  const stray = await http.get('https://example.com/').catch((error) => error);
  facts[name] = { issuer: claims.iss, stray: stray.response?.status ?? stray.message };
}
report(facts);
