//! The certificate authority: where it is kept, and for whom it can vouch.

use std::{fs, os::unix::fs::PermissionsExt};

use genesys_emulator::Emulator;
use x509_parser::{parse_x509_certificate, pem::parse_x509_pem};

use crate::support::{
    TestEmulator,
    tls::{connect, over, trusting_pem},
};

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn it_is_made_on_first_use_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("deep/ca");
    let one = TestEmulator::with(|builder| builder.ca_dir(&home)).await;
    assert!(!home.exists(), "nobody has asked for it");
    assert!(connect(&one, "localhost").await.is_ok());
    let pem = one.emulator.authority_pem().unwrap();
    assert_eq!(fs::read_to_string(home.join("ca.pem")).unwrap(), pem);
    assert!(!pem.contains("PRIVATE"), "{pem}");
    assert_eq!([mode(&home), mode(&home.join("authority.pem"))], [0o700, 0o600]);
    let other = TestEmulator::with(|builder| builder.ca_dir(&home)).await;
    assert_eq!(other.emulator.authority_pem().unwrap(), pem, "the same for all on this machine");
    let strange = TestEmulator::start().await;
    assert_ne!(strange.emulator.authority_pem().unwrap(), pem);
}

#[tokio::test]
async fn it_says_itself_whom_it_can_vouch_for() {
    let emulator = TestEmulator::start().await;
    let pem = emulator.emulator.authority_pem().unwrap();
    let (_, pem) = parse_x509_pem(pem.as_bytes()).unwrap();
    let (_, certificate) = parse_x509_certificate(&pem.contents).unwrap();
    let constraints = certificate.name_constraints().unwrap().unwrap();
    assert!(constraints.critical);
    let trees = constraints.value.permitted_subtrees.as_ref().unwrap();
    let bases: Vec<_> = trees.iter().map(|tree| tree.base.to_string()).collect();
    insta::assert_snapshot!(bases.join("\n"), @"
    DNSName(localhost)
    DNSName(test)
    DNSName(example)
    DNSName(mypurecloud.com)
    DNSName(use2.us-gov-pure.cloud)
    DNSName(usw2.pure.cloud)
    DNSName(cac1.pure.cloud)
    DNSName(mypurecloud.ie)
    DNSName(euw2.pure.cloud)
    DNSName(mypurecloud.de)
    DNSName(euc2.pure.cloud)
    DNSName(mypurecloud.com.au)
    DNSName(apse1.pure.cloud)
    DNSName(mypurecloud.jp)
    DNSName(apne2.pure.cloud)
    DNSName(apne3.pure.cloud)
    DNSName(aps1.pure.cloud)
    DNSName(sae1.pure.cloud)
    DNSName(mec1.pure.cloud)
    DNSName(mxc1.pure.cloud)
    DNSName(edee1.eusc-pure.cloud)
    DNSName(inindca.com)
    DNSName(inintca.com)
    DNSName(platform.genesys.cloud)
    IPAddress(7f:00:00:01:ff:00:00:00)
    IPAddress(00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff)
    ");
    let basic = certificate.basic_constraints().unwrap().unwrap().value;
    assert_eq!((basic.ca, basic.path_len_constraint), (true, Some(0)));
}

#[tokio::test]
async fn many_who_need_it_at_once_have_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let all = (0..8).map(|_| {
        let home = folder.path().to_owned();
        tokio::spawn(async move {
            let emulator = TestEmulator::with(|builder| builder.ca_dir(home)).await;
            tokio::task::spawn_blocking(move || emulator.emulator.authority_pem().unwrap()).await.unwrap()
        })
    });
    let mut pems = Vec::new();
    for one in all.collect::<Vec<_>>() {
        pems.push(one.await.unwrap());
    }
    pems.dedup();
    assert_eq!(pems, [fs::read_to_string(folder.path().join("ca.pem")).unwrap()]);
    fs::remove_file(folder.path().join("ca.pem")).unwrap();
    let next = TestEmulator::with(|builder| builder.ca_dir(folder.path())).await;
    assert_eq!(next.emulator.authority_pem().unwrap(), pems[0]);
    assert!(folder.path().join("ca.pem").exists(), "what was lost is written again");
}

/// An authority of the same kind, which is over after so many days.
fn with_days_left(days: i64) -> String {
    use rcgen::{BasicConstraints, CertificateParams, GeneralSubtree, IsCa, KeyPair, NameConstraints};
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let all = ["localhost", "test"].map(|name| GeneralSubtree::DnsName(name.to_owned()));
    params.name_constraints =
        Some(NameConstraints { permitted_subtrees: all.into(), excluded_subtrees: Vec::new() });
    params.not_after = std::time::SystemTime::now()
        .checked_add(std::time::Duration::from_secs(days.unsigned_abs() * 86_400))
        .unwrap()
        .into();
    key.serialize_pem() + &params.self_signed(&key).unwrap().pem()
}

#[tokio::test]
async fn one_that_is_nearly_over_gives_way_to_the_next() {
    for (days, stays) in [(40, true), (20, false)] {
        let folder = tempfile::tempdir().unwrap();
        let text = with_days_left(days);
        fs::write(folder.path().join("authority.pem"), &text).unwrap();
        let emulator = TestEmulator::with(|builder| builder.ca_dir(folder.path())).await;
        let pem = emulator.emulator.authority_pem().unwrap();
        assert_eq!(text.ends_with(&pem), stays, "{days} days");
        assert!(connect(&emulator, "localhost").await.is_ok());
        if !stays {
            assert_eq!(fs::read_to_string(folder.path().join("ca.pem")).unwrap(), pem);
        }
    }
}

#[tokio::test]
async fn own_domains_are_vouched_for_if_it_was_made_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let with = |domains: &'static [&'static str]| {
        let home = folder.path().to_owned();
        TestEmulator::with(move |builder| {
            domains.iter().fold(builder.ca_dir(home), |builder, domain| builder.domain(*domain))
        })
    };
    let own = with(&["cloud.acme.example.org"]).await;
    assert!(connect(&own, "api.cloud.acme.example.org").await.is_ok());
    // names below `test` are nobody's, so every authority vouches for them
    assert!(with(&["genesys.test"]).await.emulator.authority_pem().is_ok());
    // said at the start, not at somebody's first handshake
    let more = Emulator::builder().ca_dir(folder.path()).domain("other.example.org").start().await;
    let told = more.err().unwrap().to_string();
    let told = told.replace(folder.path().to_str().unwrap(), "<folder>");
    insta::assert_snapshot!(told, @"the certificate authority in <folder> does not vouch for other.example.org: it was made without it; `genesys-emulator ca remove` removes it, and the next one vouches for it");
}

#[tokio::test]
async fn what_is_not_one_is_said_by_name_and_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authority.pem");
    fs::write(&path, "-----BEGIN CERTIFICATE-----\nnothing\n").unwrap();
    let emulator = TestEmulator::with(|builder| builder.ca_dir(folder.path())).await;
    let answer = emulator.client.admin("GET", "/ca.pem", None).await;
    assert_eq!(answer.status, 500);
    let told = answer.text.replace(folder.path().to_str().unwrap(), "<folder>");
    insta::assert_snapshot!(told, @r#"{"type":"about:blank","title":"There is no certificate authority","status":500,"detail":"<folder>/authority.pem is not a certificate authority that this program has written: its key cannot be read: PEM error: malformedframing; `genesys-emulator ca remove` removes it"}"#);
    assert!(path.exists());
}

#[tokio::test]
async fn clients_can_fetch_what_they_have_to_trust() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.try_send("GET", "/__admin/ca.pem", &[], "").await.unwrap();
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-pem-file"));
    let tcp = tokio::net::TcpStream::connect(emulator.emulator.address()).await.unwrap();
    assert!(over(tcp, "api.mypurecloud.com", trusting_pem(&answer.text)).await.is_ok());
}
