// The handlers, one file a group of resources. Their routes stand in routes.cpp.
#pragma once
#include "api/call.h"
#include "api/incident_json.h"

namespace tingan::api {

// session_resource.cpp
void sign_in(Service&, const CallPtr&);
void sign_out(Service&, const CallPtr&);
Expected<net::Response> get_session(Service&, Call&);
void change_password(Service&, const CallPtr&);
void confirm_session(Service&, const CallPtr&);

// sessions_resource.cpp
Expected<net::Response> list_sessions(Service&, Call&);
void end_session(Service&, const CallPtr&);
void end_other_sessions(Service&, const CallPtr&);

// security_resource.cpp
void list_security_events(Service&, const CallPtr&);

// session_resource.cpp
// The signed-in person's own password, again; on the hashing thread. False: it is not, and the call has been refused.
bool knows_password(Service&, Call&, const std::string& password);

// incidents_resource.cpp
Expected<Work> declare_incident(Service&, Call&);
Expected<net::Response> list_incidents(Service&, Call&);
Expected<net::Response> get_incident(Service&, Call&);

// incident_commands.cpp
Expected<Work> state_facts(Service&, Call&);
Expected<Work> mark_step(Service&, Call&);
Expected<Work> close_incident(Service&, Call&);
Expected<Work> reopen_incident(Service&, Call&);
Expected<Work> retract_incident(Service&, Call&);
Expected<Work> note_progress(Service&, Call&);

// words_resource.cpp
Expected<net::Response> get_words(Service&, Call&);
void set_words(Service&, const CallPtr&);
// For a stand-down of a silent incident by people of its hall: where the hall has words one must be given; it is
// verified on the pool, and the command is marked when it was the duress word. Takes the word out of the request, so
// that nothing is kept of it.
Expected<void> ask_for_word(Service&, Call&, Work&, bool stands_down, const std::string& code);
// The incident is silent, and these facts would end that or contain it.
bool would_stand_down(const IncidentState& incident, const std::vector<FactSetting>& set);

// timeline_resource.cpp
Expected<net::Response> get_timeline(Service&, Call&);

// report_resource.cpp
Expected<net::Response> get_report(Service&, Call&);
Expected<Work> draft_report(Service&, Call&);
Expected<Work> file_report(Service&, Call&);

// forms_resource.cpp
Expected<net::Response> list_forms(Service&, Call&);
Expected<net::Response> get_form_schema(Service&, Call&);
Expected<Work> file_form(Service&, Call&);
Expected<net::Response> get_filed_forms(Service&, Call&);

// True where nobody sees what another filled in (S5R.9); also of a form that is not known here.
bool is_private_form(const Service&, const std::string& name);

// evidence_resource.cpp
Expected<Work> add_evidence(Service&, Call&);
Expected<net::Response> list_evidence(Service&, Call&);
void get_evidence(Service&, const CallPtr&);

// headcount_resource.cpp
Expected<net::Response> get_headcount(Service&, Call&);
Expected<Work> take_headcount(Service&, Call&);

// me_resource.cpp
Expected<net::Response> get_my_steps(Service&, Call&);
Expected<net::Response> get_my_notices(Service&, Call&);
Expected<Work> acknowledge_notice(Service&, Call&);
Expected<Work> see_notice(Service&, Call&);

// plans_resource.cpp
Expected<net::Response> list_plans(Service&, Call&);
Expected<net::Response> get_plan(Service&, Call&);
Expected<net::Response> get_plan_version(Service&, Call&);
Expected<net::Response> get_plan_diff(Service&, Call&);
Expected<net::Response> check_plan(Service&, Call&);
void publish_plan(Service&, const CallPtr&);

// units_resource.cpp
Expected<net::Response> list_units(Service&, Call&);
Expected<net::Response> get_unit(Service&, Call&);
Expected<net::Response> get_organisation(Service&, Call&);

// roster_resource.cpp
Expected<net::Response> get_roster(Service&, Call&);
Expected<Work> hand_over(Service&, Call&);
Expected<Work> set_substitution(Service&, Call&);
Expected<Work> state_presence(Service&, Call&);

// suspicions_resource.cpp
Expected<net::Response> list_suspicions(Service&, Call&);
Expected<net::Response> get_suspicion(Service&, Call&);
Expected<Work> confirm_suspicion(Service&, Call&);
Expected<Work> dismiss_suspicion(Service&, Call&);

// orders_resource.cpp
Expected<Work> take_order(Service&, Call&);
Expected<Work> take_callback(Service&, Call&);
Expected<net::Response> list_orders(Service&, Call&);
Expected<net::Response> get_order(Service&, Call&);
void reveal_order(Service&, const CallPtr&);
Expected<net::Response> add_order_photo(Service&, Call&);
void get_order_photo(Service&, const CallPtr&);
Expected<Work> repair_order(Service&, Call&);
Expected<Work> enter_order(Service&, Call&);
Expected<Work> reject_order(Service&, Call&);
Expected<Work> hand_order_back(Service&, Call&);
Expected<Work> promise_order(Service&, Call&);
Expected<Work> assign_visit(Service&, Call&);
Expected<Work> note_visit(Service&, Call&);
Expected<Work> note_call(Service&, Call&);

// acceptance_resource.cpp
Expected<net::Response> list_business_types(Service&, Call&);
Expected<net::Response> get_business_type(Service&, Call&);
Expected<net::Response> get_business_schema(Service&, Call&);
Expected<Work> grant_block(Service&, Call&);
Expected<Work> print_pack(Service&, Call&);
Expected<Work> void_numbers(Service&, Call&);
Expected<net::Response> get_replay(Service&, Call&);
Expected<Work> start_replay(Service&, Call&);
Expected<Work> pause_replay(Service&, Call&);
Expected<Work> resume_replay(Service&, Call&);
Expected<Work> pace_replay(Service&, Call&);
Expected<net::Response> get_work_list(Service&, Call&);
Expected<net::Response> get_promises(Service&, Call&);

// orders_table.cpp
Expected<net::Response> get_order_template(Service&, Call&);

// orders_import.cpp
void import_orders(Service&, const CallPtr&);

// papers_resource.cpp
Expected<net::Response> get_slip(Service&, Call&);
Expected<net::Response> get_pack(Service&, Call&);
Expected<net::Response> get_visits(Service&, Call&);
void print_visits(Service&, const CallPtr&);
Expected<net::Response> get_reconciliation(Service&, Call&);
Expected<net::Response> get_notice_board(Service&, Call&);

// alarms_resource.cpp
void take_alarms(Service&, const CallPtr&);

// system_resource.cpp
void open_stream(Service&, const CallPtr&);
Expected<net::Response> get_health(Service&, Call&);
Expected<net::Response> get_node(Service&, Call&);
Expected<net::Response> get_readiness(Service&, Call&);
Expected<net::Response> get_metrics(Service&, Call&);
Expected<net::Response> get_openapi(Service&, Call&);

// trust_resource.cpp
Expected<net::Response> get_trust_page(Service&, Call&);
Expected<net::Response> get_trust_style(Service&, Call&);
Expected<net::Response> get_authority(Service&, Call&);
Expected<net::Response> get_authority_profile(Service&, Call&);

// organisation_resource.cpp
Expected<net::Response> get_organisation_source(Service&, Call&);
Expected<net::Response> check_organisation(Service&, Call&);
void publish_organisation(Service&, const CallPtr&);
void replace_unit_shifts(Service&, const CallPtr&);
Expected<net::Response> get_shifts(Service&, Call&);

// people_resource.cpp
Expected<net::Response> list_people(Service&, Call&);
void put_person(Service&, const CallPtr&);
void remove_person(Service&, const CallPtr&);
void reset_password(Service&, const CallPtr&);

// admin_resource.cpp
Expected<net::Response> list_channels(Service&, Call&);
void test_channel(Service&, const CallPtr&);
Expected<net::Response> verify_whole_log(Service&, Call&);
Expected<net::Response> list_notices(Service&, Call&);

// An administrator's edit of the organisation: `edit` makes the new text from the one in force, on the pool; it is
// checked and published as the next version. Errors: `org.*`, `organisation.*`.
void publish_edited(Service&, const CallPtr&, int base, std::function<Expected<std::string>(const std::string&)> edit);
bool may_administer(const Who& who);
Error only_administrators();

// rehearsals_resource.cpp
Expected<net::Response> rehearse(Service&, Call&);

// Shared by the handlers of incidents.
// As `reader` may see it; without names where the answer is kept.
IncidentPicture picture_of(const Service& service, const IncidentState& incident, const Directory& directory,
                           const Who& reader, bool names);
// Work on the incident of the path: answered with the whole incident, or little where the client prefers that.
Expected<Work> work_on_incident(Service& service, Call& call, IncidentCommand command);
// What a person wrote, sealed under the incident's key into the field that `slot` gives.
std::function<Expected<void>(Work&)> seal_into(Service& service, IncidentId incident, std::string words,
                                               std::function<Sealed&(IncidentCommand&)> slot);
// Names and values of the body as the plan knows them. Errors: `incident.unknown-fact`, `incident.unknown-value`.
Expected<std::vector<FactSetting>> bind_settings(const Plan& plan,
                                                 const std::vector<std::pair<std::string, std::string>>& settings,
                                                 std::string_view where);

// Who is there for each role, as items of an open array; numbers along the own line, masked elsewhere.
void write_roster(JsonOut& out, const Call& call, UnitId unit, Instant at);

// The forms that a document may be read in.
enum class ReadForm { json, html, pdf, csv, xlsx };
// By `format` and `lang` of the query, else by the headers; sets the call's language. Errors: `query.unknown-value`,
// `report.not-acceptable`.
Expected<ReadForm> read_form_of(Call& call, std::initializer_list<ReadForm> offered);
Error not_acceptable(const char* offered);

// {items, next}: `limit` (1 to 500, default 100) of the query. Error `query.malformed-limit`.
Expected<std::size_t> limit_of(const net::Request& request, std::size_t usual = 100);
// Refuses what the resource does not know in the query. Error `query.unknown`.
Expected<void> check_query(const net::Request& request, std::initializer_list<std::string_view> known);

}  // namespace tingan::api
