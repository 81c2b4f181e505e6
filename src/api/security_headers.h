// What a browser may do with our answers: nothing but show them.
#pragma once
#include "net/http.h"

namespace tingan::api {

// Adds a Content-Security-Policy (strict for what is no page), no sniffing, no frames, no referrer, no caching where
// the answer does not say otherwise, and with `secure` (TLS) that the browser must stay with it. Any thread.
void add_security_headers(net::Response& response, bool secure);

}  // namespace tingan::api
