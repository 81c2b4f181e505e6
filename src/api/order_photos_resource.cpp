// Photographed documents of orders (S4.1): sealed under the order's own key, so that they end with it. A device hands
// them over before the order that names them.
#include <charconv>

#include "api/acceptance_support.h"
#include "api/media_type.h"
#include "api/object_reader.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/spool.h"
#include "codec/record_json.h"

namespace tingan::api {
namespace {

constexpr std::string_view kImages[] = {"image/jpeg", "image/png", "image/webp"};

Expected<Media> image_of(std::string_view content_type, std::string_view bytes) {
  auto media = media_to_keep(content_type, bytes);
  if (!media) return media;
  if (std::find(std::begin(kImages), std::end(kImages), media->type) != std::end(kImages)) return media;
  return fail("evidence.unsupported", {"证件请拍成照片", "Expected a picture of the document"}, "Content-Type");
}

// What it was taken in as is told by its first bytes again.
std::string media_of(std::string_view bytes) {
  for (const std::string_view media : kImages) {
    if (media_type_of(media, bytes)) return std::string(media);
  }
  return "application/octet-stream";
}

Expected<std::string> photo_bytes(Service& service, const OrderState& order, const std::string& name) {
  const auto box = service.ports.blobs->get(name);
  if (!box) return tl::unexpected(box.error());
  if (!*box || to_hex(sha256(**box)) != name) {
    return fail("order.photo-damaged", {"照片缺失或被改动",
                                        "Expected the photo as it was taken, but it is missing or "
                                        "changed"});
  }
  auto opened = service.ports.sealer.open_bytes(order_key(order.id), **box);
  if (!opened) return tl::unexpected(opened.error());
  if (!*opened) return fail("order.erased", {"客户资料已删除", "Expected an order with its data, but it was erased"});
  return std::move(**opened);
}

void hand_out(Service& service, const CallPtr& call, const OrderPtr& order, std::size_t n) {
  auto bytes = photo_bytes(service, *order, order->photos[n - 1]);
  if (!bytes) return service.refuse(*call, bytes.error());
  net::Response response;
  response.content_type = media_of(*bytes);
  response.headers.emplace_back(
      "Content-Disposition", fmt::format("attachment; filename=\"{}-{}.{}\"", order_number(order->unit, order->number),
                                         n, file_ending_of(response.content_type)));
  response.body = std::move(*bytes);
  service.finish(*call, std::move(response));
}

Expected<std::size_t> photo_number(const OrderState& order, const std::string& text) {
  std::size_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error == std::errc{} && end == text.data() + text.size() && n >= 1 && n <= order.photos.size()) return n;
  return fail("order.no-photo", {"没有这张照片", "Expected a known photo of the order"}, "n");
}

}  // namespace

// Only the key of this very order opens what was handed in for it.
bool is_photo_of(const Service& service, OrderId order, const std::string& name) {
  if (service.ports.blobs == nullptr || !is_blob_name(name)) return false;
  const auto box = service.ports.blobs->get(name);
  if (!box || !*box || to_hex(sha256(**box)) != name) return false;
  const auto opened = service.ports.sealer.open_bytes(order_key(order), **box);
  return opened && *opened;
}

Expected<net::Response> add_order_photo(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"unit"}); !known) return tl::unexpected(known.error());
  const auto unit = hall_for(call, call.request.query_value("unit"));
  if (!unit) return tl::unexpected(unit.error());
  if (!may_take_orders(call.who, *unit)) {
    return fail("acceptance.not-allowed",
                {"只有本厅营业员和负责人可以办理预受理单", "Expected a clerk of the hall or someone who leads it"});
  }
  const auto id = parse_order_id(call.param(0));
  if (!id || id->none()) {
    return fail("order.malformed-id", {"编号应为 UUID", "Expected a UUID as the order's id"}, "id");
  }
  // What is settled needs no more pictures, and an erased order's key must not come back.
  const OrderPtr there = service.ports.view.acceptance().order(*id);
  if (there != nullptr && (there->unit != *unit || there->erased)) {
    return fail("order.exists", {"这个编号已经是另一张单", "Expected a new order id, but another order has it"}, "id");
  }
  if (service.ports.blobs == nullptr) {
    return fail("evidence.none", {"本节点不收照片", "Expected a store for photos, but this node has none"});
  }
  const std::string type(call.request.headers.get("Content-Type"));
  if (auto front = media_type_of(type, body_front(call.request)); !front) return tl::unexpected(front.error());
  const auto whole = body_bytes(call.request);
  if (!whole) return tl::unexpected(whole.error());
  const auto media = image_of(type, *whole);
  if (!media) return tl::unexpected(media.error());
  const std::size_t bytes = media->bytes.size();
  if (auto taken = service.quota.take(call.who.person, *unit, bytes, service.wall_now()); !taken) {
    return tl::unexpected(taken.error());
  }
  const auto box = service.ports.sealer.seal_bytes(order_key(*id), media->bytes);
  const std::string name = box ? to_hex(sha256(*box)) : std::string();
  const auto kept = box ? service.ports.blobs->put(name, *box) : tl::unexpected(box.error());
  if (!kept) {
    service.quota.give_back(call.who.person, *unit, bytes);
    return tl::unexpected(kept.error());
  }
  JsonOut out;
  out.begin_object();
  out.field("photo", name);
  out.field("media", media->type);
  out.field("bytes", media->bytes.size());
  out.end_object();
  return json_response(201, out.take());
}

// The look is durable before the bytes go out.
void get_order_photo(Service& service, const CallPtr& call) {
  const auto order = order_for(service, *call, call->param(0));
  if (!order) return service.refuse(*call, order.error());
  const auto n = photo_number(**order, call->param(1));
  if (!n) return service.refuse(*call, n.error());
  if (service.ports.blobs == nullptr) {
    return service.refuse(*call, {"evidence.none", {"本节点不收照片", "Expected a store for photos"}, {}});
  }
  auto purpose = look_at(service, (*order)->id, fmt::format("photo {}", *n));
  if (!purpose) return service.refuse(*call, purpose.error());
  Submission look{.person = call->who.person,
                  .preferred = call->who.preferred,
                  .unit = (*order)->unit,
                  .order = (*order)->id,
                  .command = std::move(*purpose)};
  look.done = [&service, call, found = *order, n = *n](const Outcome& outcome) {
    if (outcome.refused) return service.refuse(*call, *outcome.refused);
    service.on_bulk(call, [&service, call, found, n] { hand_out(service, call, found, n); });
  };
  service.metrics.command();
  service.ports.submit(std::move(look));
}

}  // namespace tingan::api
