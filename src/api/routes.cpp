// The table of everything that the API answers; openapi.json describes the same, and a test holds the two together.
#include "api/resources.h"
#include "api/router.h"

namespace tingan::api {

std::span<const Route> routes() {
  using enum Access;
  using enum Place;
  using net::Method;
  static const std::vector<Route> table = {
      {Method::kPost, "/api/v1/session", Free{sign_in}, open},
      {Method::kGet, "/api/v1/session", Read{get_session}},
      {Method::kDelete, "/api/v1/session", Free{sign_out}},
      {Method::kPost, "/api/v1/session/password", Free{change_password}},

      {Method::kPost, "/api/v1/incidents", Write{declare_incident}},
      {Method::kGet, "/api/v1/incidents", Read{list_incidents}},
      {Method::kGet, "/api/v1/incidents/{id}", Read{get_incident}},
      {Method::kPost, "/api/v1/incidents/{id}/facts", Write{state_facts}},
      {Method::kPost, "/api/v1/incidents/{id}/steps/{step}", Write{mark_step}},
      {Method::kPost, "/api/v1/incidents/{id}/close", Write{close_incident}},
      {Method::kPost, "/api/v1/incidents/{id}/reopen", Write{reopen_incident}},
      {Method::kPost, "/api/v1/incidents/{id}/retract", Write{retract_incident}},
      {Method::kPost, "/api/v1/incidents/{id}/progress", Write{note_progress}},
      {Method::kGet, "/api/v1/incidents/{id}/timeline", Read{get_timeline}, signed_in, pool},
      {Method::kGet, "/api/v1/incidents/{id}/report", Read{get_report}, signed_in, pool},
      {Method::kPut, "/api/v1/incidents/{id}/report", Write{draft_report}},
      {Method::kPost, "/api/v1/incidents/{id}/report", Write{file_report}},
      {Method::kPost, "/api/v1/incidents/{id}/forms/{form}", Write{file_form}},
      {Method::kGet, "/api/v1/incidents/{id}/forms/{form}", Read{get_filed_forms}, signed_in, pool},
      {Method::kPost, "/api/v1/incidents/{id}/evidence", Write{add_evidence}},
      {Method::kGet, "/api/v1/incidents/{id}/evidence", Read{list_evidence}, signed_in, pool},
      {Method::kGet, "/api/v1/incidents/{id}/evidence/{n}", Free{get_evidence}},
      {Method::kPost, "/api/v1/incidents/{id}/headcount", Write{take_headcount}},
      {Method::kGet, "/api/v1/incidents/{id}/headcount", Read{get_headcount}, signed_in, pool},

      {Method::kGet, "/api/v1/notices", Read{list_notices}},
      {Method::kPost, "/api/v1/notices/{id}/ack", Write{acknowledge_notice}},
      {Method::kPost, "/api/v1/notices/{id}/seen", Write{see_notice}},
      {Method::kGet, "/api/v1/me/steps", Read{get_my_steps}},
      {Method::kGet, "/api/v1/me/notices", Read{get_my_notices}},

      {Method::kGet, "/api/v1/plans", Read{list_plans}},
      {Method::kPost, "/api/v1/plans/check", Read{check_plan}, signed_in, pool},
      {Method::kPost, "/api/v1/plans/publish", Free{publish_plan}},
      {Method::kGet, "/api/v1/plans/{id}", Read{get_plan}},
      {Method::kGet, "/api/v1/plans/{id}/versions/{version}", Read{get_plan_version}},
      {Method::kGet, "/api/v1/plans/{id}/diff", Read{get_plan_diff}, signed_in, pool},

      {Method::kPost, "/api/v1/rehearsals", Read{rehearse}, signed_in, pool},
      {Method::kGet, "/api/v1/forms", Read{list_forms}},
      {Method::kGet, "/api/v1/forms/{form}", Read{get_form_schema}},
      {Method::kGet, "/api/v1/units", Read{list_units}},
      {Method::kGet, "/api/v1/units/{id}", Read{get_unit}},
      {Method::kGet, "/api/v1/org", Read{get_organisation}},
      {Method::kGet, "/api/v1/org/source", Read{get_organisation_source}, signed_in, pool},
      {Method::kPost, "/api/v1/org/check", Read{check_organisation}, signed_in, pool},
      {Method::kPost, "/api/v1/org/publish", Free{publish_organisation}},
      {Method::kGet, "/api/v1/people", Read{list_people}},
      {Method::kPut, "/api/v1/people/{id}", Free{put_person}},
      {Method::kDelete, "/api/v1/people/{id}", Free{remove_person}},
      {Method::kPost, "/api/v1/people/{id}/password", Free{reset_password}},
      {Method::kGet, "/api/v1/channels", Read{list_channels}},
      {Method::kPost, "/api/v1/channels/{id}/test", Free{test_channel}},
      {Method::kPost, "/api/v1/log/verify", Read{verify_whole_log}, signed_in, pool},
      {Method::kGet, "/api/v1/roster", Read{get_roster}},
      {Method::kGet, "/api/v1/roster/shifts", Read{get_shifts}},
      {Method::kPut, "/api/v1/roster/shifts", Free{replace_unit_shifts}},
      {Method::kPost, "/api/v1/roster/handover", Write{hand_over}},
      {Method::kPost, "/api/v1/roster/substitutions", Write{set_substitution}},
      {Method::kPost, "/api/v1/roster/presence", Write{state_presence}},

      {Method::kGet, "/api/v1/suspicions", Read{list_suspicions}},
      {Method::kGet, "/api/v1/suspicions/{id}", Read{get_suspicion}},
      {Method::kPost, "/api/v1/suspicions/{id}/confirm", Write{confirm_suspicion}},
      {Method::kPost, "/api/v1/suspicions/{id}/dismiss", Write{dismiss_suspicion}},
      {Method::kPost, "/api/v1/alarms", Free{take_alarms}, alarms},

      {Method::kGet, "/api/v1/stream", Free{open_stream}},
      {Method::kGet, "/api/v1/node", Read{get_node}, open},
      {Method::kGet, "/api/openapi.json", Read{get_openapi}, open},
      {Method::kGet, "/trust", Read{get_trust_page}, open},
      {Method::kGet, "/trust/style.css", Read{get_trust_style}, open},
      {Method::kGet, "/trust/ca.crt", Read{get_authority}, open},
      {Method::kGet, "/trust/ca.mobileconfig", Read{get_authority_profile}, open},
      {Method::kGet, "/healthz", Read{get_health}, open},
      {Method::kGet, "/readyz", Read{get_readiness}, open},
      {Method::kGet, "/metrics", Read{get_metrics}, open},
  };
  return table;
}

}  // namespace tingan::api
