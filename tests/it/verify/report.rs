//! The report, for programs.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::TestEmulator;

#[tokio::test]
async fn a_report_has_all_that_people_are_told() {
    let emulator = TestEmulator::start().await;
    emulator.client.post_form("/oauth/token", "grant_type=password").await;
    let body =
        json!({ "say": "A token is had.", "match": { "path": "/oauth/token", "status": 200 }, "times": 1 });
    let answer = super::ask(&emulator, &body).await;
    let mut report = answer.json();
    report.as_object_mut().unwrap().remove("untouched");
    assert_snapshot!(serde_json::to_string_pretty(&report).unwrap(), @r#"
{
  "detail": "1 thing is not as it is to be\n- A token is had.: expected exactly 1, found 0\n    nearest: 1 (POST /oauth/token → 400)\n      status: expected 200, found 400",
  "expectations": [
    {
      "entries": [],
      "expectation": {
        "match": {
          "path": "/oauth/token",
          "status": 200
        },
        "say": "A token is had.",
        "times": {
          "exactly": 1
        }
      },
      "expected": "exactly 1",
      "found": 0,
      "held": false,
      "name": "A token is had.",
      "nearest": [
        {
          "differences": [
            {
              "at": "status",
              "expected": "200",
              "seen": "400"
            }
          ],
          "entry": "POST /oauth/token → 400",
          "n": "1"
        }
      ],
      "problem": "A token is had.: expected exactly 1, found 0"
    }
  ],
  "faults": {
    "fired": [],
    "unfired": []
  },
  "gaps": 0,
  "held": false,
  "next": "0-1",
  "problems": [
    "A token is had.: expected exactly 1, found 0"
  ],
  "status": 409,
  "title": "Verification failed",
  "type": "about:blank",
  "unmatched": []
}
"#);
}
