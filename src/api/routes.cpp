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

      {Method::kGet, "/api/v1/forms", Read{list_forms}},
      {Method::kGet, "/api/v1/forms/{form}", Read{get_form_schema}},
      {Method::kGet, "/api/v1/units", Read{list_units}},
      {Method::kGet, "/api/v1/units/{id}", Read{get_unit}},
      {Method::kGet, "/api/v1/org", Read{get_organisation}},
      {Method::kGet, "/api/v1/roster", Read{get_roster}},
      {Method::kPost, "/api/v1/roster/handover", Write{hand_over}},
      {Method::kPost, "/api/v1/roster/substitutions", Write{set_substitution}},
      {Method::kPost, "/api/v1/roster/presence", Write{state_presence}},

      {Method::kGet, "/api/v1/suspicions", Read{list_suspicions}},
      {Method::kGet, "/api/v1/suspicions/{id}", Read{get_suspicion}},
      {Method::kPost, "/api/v1/suspicions/{id}/confirm", Write{confirm_suspicion}},
      {Method::kPost, "/api/v1/suspicions/{id}/dismiss", Write{dismiss_suspicion}},
      {Method::kPost, "/api/v1/alarms", Free{take_alarms}, alarms},

      {Method::kGet, "/api/v1/business-types", Read{list_business_types}},
      {Method::kPost, "/api/v1/orders", Write{take_order}},
      {Method::kGet, "/api/v1/orders", Read{list_orders}, signed_in, pool},
      {Method::kGet, "/api/v1/orders/{id}", Read{get_order}, signed_in, pool},
      {Method::kPost, "/api/v1/orders/{id}/reveal", Free{reveal_order}},
      {Method::kPost, "/api/v1/orders/{id}/repair", Write{repair_order}},
      {Method::kPost, "/api/v1/orders/{id}/enter", Write{enter_order}},
      {Method::kPost, "/api/v1/orders/{id}/reject", Write{reject_order}},
      {Method::kPost, "/api/v1/orders/{id}/hand-back", Write{hand_order_back}},
      {Method::kPost, "/api/v1/orders/{id}/promise", Write{promise_order}},
      {Method::kPost, "/api/v1/orders/{id}/visit", Write{assign_visit}},
      {Method::kPost, "/api/v1/orders/{id}/visited", Write{note_visit}},
      {Method::kPost, "/api/v1/orders/{id}/call", Write{note_call}},
      {Method::kPost, "/api/v1/callbacks", Write{take_callback}},
      {Method::kPost, "/api/v1/number-blocks", Write{grant_block}},
      {Method::kPost, "/api/v1/packs", Write{print_pack}},
      {Method::kPost, "/api/v1/numbers/void", Write{void_numbers}},
      {Method::kGet, "/api/v1/replays", Read{get_replay}, signed_in, pool},
      {Method::kPost, "/api/v1/replays", Write{start_replay}},
      {Method::kPost, "/api/v1/replays/{unit}/pause", Write{pause_replay}},
      {Method::kPost, "/api/v1/replays/{unit}/resume", Write{resume_replay}},
      {Method::kPost, "/api/v1/replays/{unit}/pace", Write{pace_replay}},
      {Method::kGet, "/api/v1/work-list", Read{get_work_list}, signed_in, pool},
      {Method::kGet, "/api/v1/promises", Read{get_promises}, signed_in, pool},
      {Method::kGet, "/api/v1/visits", Read{get_visits}, signed_in, pool},
      {Method::kGet, "/api/v1/reconciliation", Read{get_reconciliation}, signed_in, pool},
      {Method::kGet, "/api/v1/notice-board", Read{get_notice_board}},

      {Method::kGet, "/api/v1/stream", Free{open_stream}},
      {Method::kGet, "/api/v1/node", Read{get_node}, open},
      {Method::kGet, "/api/openapi.json", Read{get_openapi}, open},
      {Method::kGet, "/healthz", Read{get_health}, open},
      {Method::kGet, "/readyz", Read{get_readiness}, open},
      {Method::kGet, "/metrics", Read{get_metrics}, open},
  };
  return table;
}

}  // namespace tingan::api
