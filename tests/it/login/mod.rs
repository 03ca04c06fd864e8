mod oauth;
