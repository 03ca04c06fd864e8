"""The official Python SDK as an agent: a channel with a real socket, and a conversation with a guest of web messaging."""

import json
import uuid

import PureCloudPlatformClientV2 as P
import websocket
from program import base, code

P.configuration.host = base
CLIENT, SECRET = "emulator-code-client", "emulator-code-secret"
REDIRECT_URI = "http://localhost:3000/callback"
AGENT = "00000000-0000-4000-8000-0000000000bb"
DEPLOYMENT = "00000000-0000-4000-8000-0000000000cc"
PATIENCE = 30

api = P.api_client.ApiClient()
api = api.get_code_authorization_token(CLIENT, SECRET, code(CLIENT, REDIRECT_URI), REDIRECT_URI)[0]
conversations = P.ConversationsApi(api)


def heard(socket, fits):
    """The next thing on a socket that fits."""
    while True:
        told = json.loads(socket.recv())
        if fits(told):
            return told


# the channel, and its socket
notifications = P.NotificationsApi(api)
channel = notifications.post_notifications_channels()
topics = [f"v2.users.{AGENT}.presence", f"v2.users.{AGENT}.conversations.messages"]
notifications.put_notifications_channel_subscriptions(channel.id, [{"id": topic} for topic in topics])
desk = websocket.create_connection(channel.connect_uri, timeout=PATIENCE)
P.PresenceApi(api).patch_user_presences_purecloud(AGENT, {"presenceDefinition": {"systemPresence": "ON_QUEUE"}})
facts = {"presence": heard(desk, lambda told: told["topicName"] == topics[0])["eventBody"]["presenceDefinition"]["systemPresence"]}

# the guest asks for a person
target = f"{base.replace('http', 'ws', 1)}/v1?deploymentId={DEPLOYMENT}"
guest = websocket.create_connection(target, timeout=PATIENCE)


def guest_sends(action, **more):
    """A frame of the guest."""
    guest.send(json.dumps({"action": action, **more}))


def guest_hears(text):
    """Who says this to the guest."""
    said = heard(guest, lambda frame: frame["body"].get("text") == text)["body"]
    return f"{said['direction']} {said.get('originatingEntity', 'guest')}: {said['text']}"


guest_sends("configureSession", deploymentId=DEPLOYMENT, token=str(uuid.uuid4()))
facts["session"] = heard(guest, lambda frame: frame["class"] == "SessionResponse")["code"]
guest_sends("onMessage", message={"type": "Text", "text": "agent"})


def own(told, state):
    """The agent's side, once it is so far."""
    sides = told["eventBody"].get("participants", [])
    return [one for one in sides if one["purpose"] == "agent" and one["state"] == state]


told = heard(desk, lambda told: told["topicName"] == topics[1] and own(told, "alerting"))
conversation, participant = told["eventBody"]["id"], own(told, "alerting")[0]["id"]
conversations.patch_conversations_message_participant(conversation, participant, body={"state": "connected"})
heard(desk, lambda told: told["topicName"] == topics[1] and own(told, "connected"))

# both speak
sides = conversations.get_conversation(conversation).participants
communication = next(one for one in sides if one.id == participant).messages[0].id
conversations.post_conversations_message_communication_messages(
    conversation, communication, {"textBody": "How can I help?"}
)
facts["toTheGuest"] = guest_hears("How can I help?")
guest_sends("onMessage", message={"type": "Text", "text": "Where is my parcel?"})
guest_hears("Where is my parcel?")
customer = conversations.get_conversations_message(conversation).participants[0]
last = customer.messages[-1].message_id
facts["toTheAgent"] = conversations.get_conversations_message_message(conversation, last).normalized_message.text
conversations.patch_conversations_message_participant(conversation, participant, body={"state": "disconnected"})
facts["ended"] = bool(heard(desk, lambda told: told["topicName"] == topics[1] and own(told, "disconnected")))

guest.close()
desk.close()
print(json.dumps(facts))
