//! Each mode of the fault `claims`, as stock verifiers see it.

use super::{Runtime, facts};

#[tokio::test]
async fn jose_sees_every_wrong_token_by_name() {
    let Some(facts) = facts(Runtime::Node, "wrong-tokens.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    alg_none: "guest ERR_JOSE_NOT_SUPPORTED | messaging ERR_JOSE_NOT_SUPPORTED | person ERR_JOSE_NOT_SUPPORTED | id ERR_JOSE_NOT_SUPPORTED"
    bad_signature: "guest ERR_JWS_SIGNATURE_VERIFICATION_FAILED | messaging ERR_JWS_SIGNATURE_VERIFICATION_FAILED | person ERR_JWS_SIGNATURE_VERIFICATION_FAILED | id ERR_JWS_SIGNATURE_VERIFICATION_FAILED"
    clock_skew: "guest ERR_JWT_CLAIM_VALIDATION_FAILED nbf | messaging ERR_JWT_CLAIM_VALIDATION_FAILED nbf | person ERR_JWT_CLAIM_VALIDATION_FAILED nbf | id ERR_JWT_CLAIM_VALIDATION_FAILED nbf"
    exp_in_ms: "guest accepted | messaging accepted | person accepted | id accepted"
    exp_missing: "guest ERR_JWT_CLAIM_VALIDATION_FAILED exp | messaging ERR_JWT_CLAIM_VALIDATION_FAILED exp | person ERR_JWT_CLAIM_VALIDATION_FAILED exp | id ERR_JWT_CLAIM_VALIDATION_FAILED exp"
    expired: "guest ERR_JWT_EXPIRED exp | messaging ERR_JWT_EXPIRED exp | person ERR_JWT_EXPIRED exp | id ERR_JWT_EXPIRED exp"
    guest_id_missing: "guest accepted | messaging - | person - | id -"
    hs256_confusion: "guest ERR_JOSE_NOT_SUPPORTED | messaging ERR_JOSE_NOT_SUPPORTED | person ERR_JOSE_NOT_SUPPORTED | id ERR_JOSE_NOT_SUPPORTED"
    kid_unknown: "guest ERR_JWKS_NO_MATCHING_KEY | messaging ERR_JWKS_NO_MATCHING_KEY | person ERR_JWKS_NO_MATCHING_KEY | id ERR_JWKS_NO_MATCHING_KEY"
    not_yet_valid: "guest ERR_JWT_CLAIM_VALIDATION_FAILED nbf | messaging ERR_JWT_CLAIM_VALIDATION_FAILED nbf | person ERR_JWT_CLAIM_VALIDATION_FAILED nbf | id ERR_JWT_CLAIM_VALIDATION_FAILED nbf"
    oversized: "guest accepted | messaging accepted | person accepted | id UND_ERR_HEADERS_OVERFLOW"
    permissions_missing: "guest accepted | messaging - | person - | id -"
    revoked: "guest accepted | messaging accepted | person accepted | id -"
    sub_missing: "guest ERR_JWT_CLAIM_VALIDATION_FAILED sub | messaging ERR_JWT_CLAIM_VALIDATION_FAILED sub | person ERR_JWT_CLAIM_VALIDATION_FAILED sub | id ERR_JWT_CLAIM_VALIDATION_FAILED sub"
    truncated: "guest ERR_JWS_INVALID | messaging ERR_JWS_INVALID | person ERR_JWS_INVALID | id ERR_JWS_INVALID"
    webchat_missing: "guest accepted | messaging - | person - | id -"
    wrong_aud: "guest ERR_JWT_CLAIM_VALIDATION_FAILED aud | messaging ERR_JWT_CLAIM_VALIDATION_FAILED aud | person ERR_JWT_CLAIM_VALIDATION_FAILED aud | id ERR_JWT_CLAIM_VALIDATION_FAILED aud"
    wrong_iss: "guest ERR_JWT_CLAIM_VALIDATION_FAILED iss | messaging ERR_JWT_CLAIM_VALIDATION_FAILED iss | person ERR_JWT_CLAIM_VALIDATION_FAILED iss | id ERR_JWT_CLAIM_VALIDATION_FAILED iss"
    wrong_region: "guest ERR_JWT_CLAIM_VALIDATION_FAILED iss | messaging ERR_JWT_CLAIM_VALIDATION_FAILED iss | person ERR_JWT_CLAIM_VALIDATION_FAILED iss | id -"
    "#);
}

#[tokio::test]
async fn pyjwt_sees_every_wrong_token_by_name() {
    let Some(facts) = facts(Runtime::Python, "wrong_tokens.py").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    alg_none: "guest InvalidAlgorithmError | person InvalidAlgorithmError | id InvalidAlgorithmError"
    bad_signature: "guest InvalidSignatureError | person InvalidSignatureError | id InvalidSignatureError"
    clock_skew: "guest ImmatureSignatureError | person ImmatureSignatureError | id ImmatureSignatureError"
    exp_in_ms: "guest accepted | person accepted | id accepted"
    exp_missing: "guest MissingRequiredClaimError | person MissingRequiredClaimError | id MissingRequiredClaimError"
    expired: "guest ExpiredSignatureError | person ExpiredSignatureError | id ExpiredSignatureError"
    guest_id_missing: "guest accepted | person - | id -"
    hs256_confusion: "guest InvalidAlgorithmError | person InvalidAlgorithmError | id InvalidAlgorithmError"
    kid_unknown: "guest PyJWKClientError | person PyJWKClientError | id PyJWKClientError"
    not_yet_valid: "guest ImmatureSignatureError | person ImmatureSignatureError | id ImmatureSignatureError"
    oversized: "guest accepted | person accepted | id accepted"
    permissions_missing: "guest accepted | person - | id -"
    revoked: "guest accepted | person accepted | id -"
    sub_missing: "guest MissingRequiredClaimError | person MissingRequiredClaimError | id MissingRequiredClaimError"
    truncated: "guest DecodeError | person DecodeError | id DecodeError"
    webchat_missing: "guest accepted | person - | id -"
    wrong_aud: "guest InvalidAudienceError | person InvalidAudienceError | id InvalidAudienceError"
    wrong_iss: "guest InvalidIssuerError | person InvalidIssuerError | id InvalidIssuerError"
    wrong_region: "guest InvalidIssuerError | person InvalidIssuerError | id -"
    "#);
}
