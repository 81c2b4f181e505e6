#include "api/disk_limits.h"

#include "api/router.h"
#include "api/service.h"
#include "runtime/urgency.h"

namespace tingan::api {
namespace {

// Routes whose bodies are kept as they are, or become a thousand records.
constexpr std::string_view kLarge[] = {"/api/v1/incidents/{id}/evidence", "/api/v1/orders/{id}/photos",
                                       "/api/v1/orders/import"};

Room room_of(const Service& service) { return service.ports.room ? service.ports.room() : Room::plenty; }

}  // namespace

Expected<void> check_room_for_request(const Service& service, const Call& call) {
  const bool writes = call.request.method != net::Method::kGet && call.request.method != net::Method::kHead;
  const bool large = std::find(std::begin(kLarge), std::end(kLarge), call.route->pattern) != std::end(kLarge);
  if (!writes || !large || room_of(service) == Room::plenty) return {};
  return fail("store.low", {"磁盘快满了，暂不收照片、证据和表格；上报、确认等照常。请管理员清理磁盘",
                            "Expected room for photos, evidence and tables, but the disk is nearly full: declares and "
                            "acknowledgements go on. Ask the administrator to make room"});
}

Expected<void> check_room_for_work(const Service& service, const Work& work) {
  if (room_of(service) < Room::reserve) return {};
  const IncidentPtr incident = work.incident.none() ? nullptr : service.ports.view.find(work.incident);
  if (urgency_of(work.command, incident != nullptr && incident->drill) != Urgency::ordinary) return {};
  return fail("store.full",
              {"磁盘已满，只收真实事件的上报、静默报警和确认；腾出空间后自动恢复",
               "Expected room on the disk, but it is full: only declares, silent alarms and acknowledgements of real "
               "incidents are taken. It works again once there is room"});
}

}  // namespace tingan::api
