// What is refused when the disk fills up, before it is read, sealed or written.
#pragma once
#include "api/call.h"

namespace tingan::api {

class Service;

// Photos, evidence and tables below the low mark. Error `store.low`.
Expected<void> check_room_for_request(const Service& service, const Call& call);
// Work for the engine on a full disk: only what is urgent may draw on the reserve, for its key as for its events. Error
// `store.full`.
Expected<void> check_room_for_work(const Service& service, const Work& work);

}  // namespace tingan::api
