use super::*;

const NOW: Timestamp = Timestamp::from_micros(0);

fn alice() -> Person {
    Person { subject: "alice".into(), first_name: Some("Alice".into()), ..Person::default() }
}

#[test]
fn a_ghost_that_was_merged_is_nobody_s_contact_any_more() {
    let mut contacts = Contacts::default();
    let token = SessionToken::from("t");
    let ghost = contacts.of_guest(&token, NOW, || "ghost".into());
    assert_eq!(contacts.of_guest(&token, NOW, || "other".into()), ghost);
    contacts.begins(&ghost, "c-1".into());
    contacts.take_along(&token, &"u".into());
    assert_eq!((contacts.ghost(&token), contacts.ghost(&"u".into())), (None, Some(ghost.clone())));

    let known = contacts.of_person(&alice(), None, NOW, || "alice".into());
    assert_eq!(contacts.merge(&ghost, &known, NOW), ["c-1".into()]);
    assert_eq!(contacts.ghost(&"u".into()), None);
    assert_eq!(contacts.of_guest(&"u".into(), NOW, || "next".into()), "next".into());
    let alice = contacts.known(&alice()).unwrap();
    assert_eq!((&alice.conversations[..], &alice.merged_from[..]), (&["c-1".into()][..], &[ghost][..]));
}

#[test]
fn whoever_has_the_subject_as_identifier_is_the_person() {
    let mut contacts = Contacts::default();
    let written = contacts.insert(Contact::new("written".into(), ContactType::Curated, NOW));
    contacts.claim(&written, Identifier::external("alice", "crm", NOW), NOW).unwrap();
    let other = contacts.of_person(&alice(), Some("other"), NOW, || "identified".into());
    assert_eq!(other, "identified".into());
    let found = contacts.of_person(&alice(), Some("crm"), NOW, || "unused".into());
    assert_eq!((&found, contacts.known(&alice()).unwrap().id.clone()), (&written, found.clone()));
    let contact = contacts.get("written").unwrap();
    assert_eq!(contact.details.first_name.as_deref(), Some("Alice"));
    assert_eq!(contact.kind, ContactType::Curated);
}

#[test]
fn an_identifier_is_of_one_contact_until_it_is_released() {
    let mut contacts = Contacts::default();
    let [one, two] =
        ["one", "two"].map(|id| contacts.insert(Contact::new(id.into(), ContactType::Curated, NOW)));
    let id = Identifier::external("42", "crm", NOW);
    assert_eq!(contacts.claim(&one, id.clone(), NOW), Ok(()));
    assert_eq!(contacts.claim(&one, id.clone(), NOW), Ok(()));
    assert_eq!(contacts.claim(&two, id.clone(), NOW), Err(Taken(one.clone())));
    assert_eq!(contacts.release(&two, &id, NOW), None);
    assert_eq!(contacts.release(&one, &id, NOW), Some(id.clone()));
    assert_eq!(contacts.claim(&two, id.clone(), NOW), Ok(()));
    contacts.remove(&two);
    assert!(matches!(contacts.owner(&id), Owner::Nobody));
}

#[test]
fn merged_contacts_are_found_as_what_they_turned_out_to_be() {
    let mut contacts = Contacts::default();
    let guest = contacts.of_guest(&"t".into(), NOW, || "guest".into());
    contacts.begins(&guest, "c-1".into());
    let written = contacts.insert(Contact::new("written".into(), ContactType::Curated, NOW));
    let id = Identifier::external("42", "crm", NOW);
    contacts.claim(&written, id.clone(), NOW).unwrap();
    let moved = contacts.merge_all(&[guest, written], "both".into(), Details::default(), NOW);
    assert_eq!(moved, ["c-1".into()]);
    for old in ["guest", "written", "both"] {
        assert_eq!(contacts.get(old).unwrap().id, "both".into());
    }
    assert!(matches!(contacts.owner(&id), Owner::Contact(owner) if owner.id == "both".into()));
    assert_eq!(contacts.ghost(&"t".into()), Some("both".into()));
    let again = contacts.insert(Contact::new("again".into(), ContactType::Curated, NOW));
    contacts.merge_all(&["both".into(), again], "all".into(), Details::default(), NOW);
    assert_eq!(contacts.get("guest").unwrap().id, "all".into());
    assert_eq!(contacts.unresolved("guest").unwrap().merged_into, Some("both".into()));
}
