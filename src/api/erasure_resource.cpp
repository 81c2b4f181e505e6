// Erasing what is personal before its time: of a person who has left, of an incident that has ended. The record of it
// is durable before the keys are destroyed; what was done and by whom stays provable, in ids.
#include "api/bodies.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"

namespace tingan::api {
namespace {

Work erasing(UnitId unit, EraseData command) {
  Work work;
  work.unit = unit;
  const std::string key = key_of(DataErased{command.person, command.incident});
  work.command = UnitCommand(std::move(command));
  work.body = [key](const Outcome&, const Registry& registry) {
    JsonOut out;
    out.begin_object();
    out.field("key", key);
    out.field("erased", registry.erased().contains(key));
    out.end_object();
    return out.take();
  };
  return work;
}

bool may_erase(const Who& who) { return may_administer(who) || who.holds(RoleId("centre-head")); }

tl::unexpected<Error> not_allowed() {
  return fail("erase.not-allowed",
              {"只有管理员或中心负责人可以删除资料", "Expected an administrator or the centre head"});
}

}  // namespace

Expected<Work> erase_person(Service&, Call& call) {
  if (!may_erase(call.who)) return not_allowed();
  if (auto body = read_body_of(call, parse_nothing); !body) return tl::unexpected(body.error());
  const auto person = PersonId::find(call.param(0));
  if (!person) {
    return fail("person.not-found",
                {fmt::format("没有人员“{}”", call.param(0)),
                 fmt::format("Expected a known person, but got '{}'", call.param(0))},
                "id");
  }
  return erasing(call.who.unit, EraseData{.person = *person, .incident = {}, .unit = {}});
}

// An incident that is not over is none for somebody who may not see it: a silent one has no back door.
Expected<Work> erase_incident(Service& service, Call& call) {
  if (!may_erase(call.who)) return not_allowed();
  if (auto body = read_body_of(call, parse_nothing); !body) return tl::unexpected(body.error());
  const auto id = parse_incident_id(call.param(0));
  const IncidentPtr incident = id ? service.ports.view.find(*id) : nullptr;
  const bool over = incident != nullptr && incident->ended_at != kNever;
  if (incident == nullptr || (!over && !may_see(call.directory(), call.who, *incident))) {
    return fail("incident.not-found", {"没有这个事件", "Expected a known incident, but there is none of this id"},
                "id");
  }
  if (!over) {
    return fail("incident.not-ended",
                {"事件还没有结案，不能删除资料", "Expected an incident that is over, but it is still running"});
  }
  return erasing(incident->unit, EraseData{.person = {}, .incident = *id, .unit = incident->unit});
}

}  // namespace tingan::api
