mod jwt_access_tokens;
mod oauth;
mod oauth_refusals;
mod token_limit;
mod well_known;
