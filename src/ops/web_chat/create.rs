//! Beginning a chat: by its guest, or for a queue by an application that has the guest elsewhere.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    PROVIDER,
    access::{self, GuestAccessError},
};
use crate::{
    base::{
        draw::Mint,
        ids::{ConversationId, DeploymentId, GuestId},
    },
    domain::{
        conversation::{Conversation, Participant, Purpose, Side},
        detail_event::Happened,
        shown::Shown,
        visit::Refusal,
        web_chat::{ChatDeployment, ChatGuest, MemberInfo},
    },
    events::event::What,
    jose::signer::SignError,
    ops::{
        communications::{CommunicationError, conversation},
        cx::Cx,
        open_messaging::nobody,
        org::Cell,
        routing::queue_of_id,
        signed_data,
        step::{Step, of_visit},
        web_deployments::flow_id,
    },
};

/// Who wants to chat, and where.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Id of the org.
    pub organization: String,
    /// Id of the deployment.
    pub deployment: Option<String>,
    /// Name of the queue.
    pub queue: String,
    /// What the guest says of itself.
    pub member: MemberInfo,
    /// Signed data.
    pub signed: Option<String>,
    /// The page.
    pub origin: Option<String>,
}

/// A chat.
pub struct Made {
    /// It.
    pub shown: Arc<Shown>,
    /// The guest's JWT.
    pub jwt: String,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// It is for another org.
    #[error("organizationId {0} is not that of this org")]
    Organization(String),
    /// No deployment is named, and one must be.
    #[error("deploymentId is missing, and the org requires one")]
    NoDeployment,
    /// There is no such deployment.
    #[error("There is no deployment {0}")]
    Deployment(String),
    /// It is switched off.
    #[error("The deployment is disabled")]
    Disabled,
    /// The page may not.
    #[error("The page's host is not an allowed domain")]
    Origin(String),
    /// Signed data is missing.
    #[error("memberAuthToken is missing, and the deployment requires authentication")]
    Unauthenticated,
    /// It is not good.
    #[error("memberAuthToken is not good: {0}")]
    BadAuthentication(String),
    /// The deployment's flow is no more.
    #[error("There is no flow {0}")]
    Flow(String),
    /// There is no such queue.
    #[error("There is no queue {0}")]
    Queue(String),
    /// A JWT came, and is not good.
    #[error(transparent)]
    Access(#[from] GuestAccessError),
    /// The signature failed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The chat is gone already.
    #[error(transparent)]
    Gone(#[from] CommunicationError),
}

impl ChatError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Organization(_) => "org.other",
            Self::NoDeployment => "deployment.missing",
            Self::Deployment(_) => "deployment.unknown",
            Self::Disabled => "deployment.inactive",
            Self::Origin(_) => "origin.not_allowed",
            Self::Unauthenticated => "signed_data.missing",
            Self::BadAuthentication(_) => "signed_data.bad",
            Self::Flow(_) => "flow.unknown",
            Self::Queue(_) => "queue.unknown",
            // said before
            Self::Access(_) | Self::Gone(_) | Self::Sign(_) => return None,
        })
    }
}

fn refuse(cx: &Cx, error: ChatError) -> ChatError {
    if let Some(rule) = error.rule() {
        let refusal = Refusal::new(rule, error.to_string());
        cx.refuse(match &error {
            ChatError::Origin(origin) => refusal.seen(origin.as_str()),
            _ => refusal,
        });
    }
    error
}

/// A guest begins a chat. It waits in no queue before it hears what happens.
pub async fn create(cx: &Cx, asked: Asked, authorization: Option<&str>) -> Result<Made, ChatError> {
    let guide = access::of_guide(cx, authorization).await?;
    let deployment = admitting(cx, &asked).map_err(|error| refuse(cx, error))?;
    let authenticated = match &asked.signed {
        Some(token) => {
            let verified = signed_data::verify(cx, token).await;
            verified.map_err(|why| refuse(cx, ChatError::BadAuthentication(why.to_string())))?;
            true
        }
        None if deployment.as_ref().is_some_and(|one| one.authentication_required) => {
            return Err(refuse(cx, ChatError::Unauthenticated));
        }
        None => false,
    };
    let deployment = deployment.map(|one| one.id.clone());
    let attributes = asked.member.attributes(&asked.queue);
    let begun = of_visit(cx, |cell, step| {
        let (queue, _) = cell.state.queues.iter().find(|(_, queue)| queue.name == asked.queue)?;
        let chat = ChatGuest::new(PROVIDER.to_owned(), asked.member.clone(), authenticated, queue.clone());
        let beginning = Beginning {
            deployment: deployment.unwrap_or_else(|| DeploymentId::from("")),
            guest: guide.map(|guest| guest.id),
            attributes,
            chat,
        };
        Some(begin(cell, step, beginning))
    });
    let (id, guest) = begun.ok_or_else(|| refuse(cx, ChatError::Queue(asked.queue.clone())))?;
    let jwt = access::issue(cx, id.as_str(), &guest, &asked.member).await?;
    Ok(Made { shown: conversation(cx, id.as_str())?, jwt })
}

/// The deployment, if it lets somebody in; nothing where none has to be named.
fn admitting(cx: &Cx, asked: &Asked) -> Result<Option<Arc<ChatDeployment>>, ChatError> {
    if asked.organization != cx.org.id.as_str() {
        return Err(ChatError::Organization(asked.organization.clone()));
    }
    cx.state(|state| {
        let Some(id) = &asked.deployment else {
            return match state.web_chats.require_deployment {
                true => Err(ChatError::NoDeployment),
                false => Ok(None),
            };
        };
        let found = state.web_chats.deployments.get(id.as_str()).cloned();
        let one = found.ok_or_else(|| ChatError::Deployment(id.clone()))?;
        if one.disabled {
            return Err(ChatError::Disabled);
        }
        if !one.admits_origin(asked.origin.as_deref()) {
            return Err(ChatError::Origin(asked.origin.clone().unwrap_or_default()));
        }
        if let Some(flow) = &one.flow
            && !state.bots.keys().any(|bot| flow_id(cx, bot) == *flow)
        {
            return Err(ChatError::Flow(flow.clone()));
        }
        Ok(Some(one))
    })
}

/// A chat that an application has elsewhere, for a queue.
#[derive(Clone, Debug)]
pub struct ForQueue {
    /// The queue, by its id.
    pub queue: String,
    /// Who carries it.
    pub provider: String,
    /// Shown name of the guest.
    pub name: Option<String>,
    /// Participant data.
    pub attributes: BTreeMap<String, String>,
}

/// Begins a chat for a queue. It waits there at once.
pub fn create_for_queue(cx: &Cx, asked: ForQueue) -> Result<Arc<Shown>, CommunicationError> {
    let ForQueue { queue, provider, name, attributes } = asked;
    let display_name = name.unwrap_or_else(|| "Guest".to_owned());
    let member = MemberInfo { display_name, ..MemberInfo::default() };
    let begun = of_visit(cx, |cell, step| {
        let queue = queue_of_id(&cell.state, &queue)?.0.clone();
        let beginning = Beginning {
            deployment: DeploymentId::from(""),
            guest: None,
            attributes,
            chat: ChatGuest::new(provider, member, false, queue),
        };
        let (id, _) = begin(cell, step, beginning);
        step.route(cell, &id);
        Some(id)
    });
    let Some(id) = begun else {
        let error = CommunicationError::NoQueue;
        cx.refuse(Refusal::new("queue.unknown", error.to_string()));
        return Err(error);
    };
    conversation(cx, id.as_str())
}

/// How a chat begins.
struct Beginning {
    deployment: DeploymentId,
    guest: Option<GuestId>,
    attributes: BTreeMap<String, String>,
    chat: ChatGuest,
}

/// Begins one. Answers it and its guest.
fn begin(cell: &mut Cell, step: &Step<'_>, beginning: Beginning) -> (ConversationId, String) {
    let Beginning { deployment, guest, attributes, chat } = beginning;
    let mut mint = Mint::new(&step.org.draws, step.cause);
    let id = ConversationId::from(mint.uuid("conversation"));
    let name = chat.member.display_name.clone();
    let side = Side { id: mint.uuid("guest"), purpose: Purpose::Customer, name };
    let mut customer = Participant { guest, ..Participant::new(side.clone(), step.now) };
    customer.communication.id = step.communication_id(&side.id);
    customer.merge(attributes);
    let mut conversation = Conversation::new(id.clone(), nobody(), deployment, customer);
    conversation.chat = Some(Box::new(chat));
    cell.state.conversations.insert(conversation);
    step.tell_of(cell, &nobody(), Some(id.clone()), What::ConversationStarted);
    step.tell_of(cell, &nobody(), Some(id.clone()), What::ParticipantJoined(side.clone()));
    step.happened(cell, &id, &side.id, Happened::Start);
    (id, side.id)
}
