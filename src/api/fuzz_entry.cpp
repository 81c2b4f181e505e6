#include "api/fuzz_entry.h"

#include "api/accept.h"
#include "api/bodies.h"
#include "api/json_in.h"
#include "api/report_making.h"
#include "api/router.h"
#include "base/check.h"

namespace tingan::api {

void parse_any_body(std::string_view bytes) {
  if (const auto json = parse_json(bytes)) {
    const std::string once = write_json(*json);
    const auto again = parse_json(once);
    CHECK(again.has_value());
    CHECK(write_json(*again) == once);
  }
  (void)parse_sign_in(bytes);
  (void)parse_confirm(bytes);
  (void)parse_password(bytes);
  (void)parse_declare(bytes);
  (void)parse_facts(bytes);
  (void)parse_step(bytes);
  (void)parse_reason(bytes);
  (void)parse_progress(bytes);
  (void)parse_report(bytes);
  (void)parse_form(bytes);
  (void)parse_plan_body(bytes);
  (void)parse_handover(bytes);
  (void)parse_substitution(bytes);
  (void)parse_presence(bytes);
  (void)parse_alarms(bytes);
  (void)parse_nothing(bytes);
  (void)written_report(bytes);
  static constexpr std::string_view kOffers[] = {"application/json", "text/html"};
  (void)choose_type(bytes, kOffers);
  (void)language_of(bytes);
  (void)match(routes(), net::Method::kGet, bytes);
}

}  // namespace tingan::api
