// Photos and voice notes: taken in sealed, listed, handed out. In an incident whose witnesses must not compare what
// they saw (S5R.9), nobody of the unit gets to see another's.
#include <charconv>

#include "api/bodies.h"
#include "api/incident_log.h"
#include "api/json_in.h"
#include "api/media_type.h"
#include "api/object_reader.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/spool.h"
#include "api/visibility.h"
#include "codec/record_json.h"

namespace tingan::api {
namespace {

constexpr std::size_t kCaptionCharactersMax = 200;

bool witnesses_write_apart(const Service& service, const IncidentState& incident) {
  const auto& steps = incident.plan->steps;
  return std::any_of(steps.begin(), steps.end(),
                     [&](const Step& step) { return !step.form.empty() && is_private_form(service, step.form.str()); });
}

bool may_look(const Service& service, const Who& who, const IncidentState& incident, const EvidenceState& piece) {
  if (piece.by.person == who.person) return true;
  return who.unit != incident.unit || !witnesses_write_apart(service, incident);
}

Expected<std::string> caption_of(const net::Request& request) {
  const auto caption = request.query_value("caption");
  if (!caption) return std::string();
  const bool control = std::any_of(caption->begin(), caption->end(), [](unsigned char c) { return c < 0x20; });
  if (control || count_characters(*caption) > kCaptionCharactersMax) {
    return fail("query.malformed-caption",
                {fmt::format("说明最多 {} 字，不能有控制字符", kCaptionCharactersMax),
                 fmt::format("Expected a caption of at most {} characters, none of them a control character",
                             kCaptionCharactersMax)},
                "caption");
  }
  return std::string(*caption);
}

std::string key_of(IncidentId incident) { return "incident:" + to_string(incident); }

Expected<Sealed> seal_details(Service& service, IncidentId incident, const std::string& caption,
                              const std::string& hash) {
  JsonOut out;
  out.begin_object();
  if (!caption.empty()) out.field("caption", caption);
  out.field("sha256", hash);
  out.end_object();
  return service.ports.sealer.seal(key_of(incident), out.take());
}

// {"n", "media", "bytes", "at", "by", "caption", "sha256"}: what was said of it, where its key is still there. Without
// a reader nothing that a person said: such an answer is kept.
void write_piece(JsonOut& out, const Service& service, const IncidentState& incident, std::size_t index,
                 const Directory& directory, const Who* reader) {
  const EvidenceState& piece = incident.evidence[index];
  out.begin_object();
  out.field("n", index + 1);
  out.field("media", piece.media);
  out.field("bytes", piece.bytes);
  out.time("at", piece.at, directory.zone());
  write_actor(out, "by", piece.by, directory, reader);
  const auto words = reader == nullptr ? std::nullopt : open_words(service, piece.details);
  const auto details = words ? parse_json(*words) : tl::unexpected(Error{});
  for (const char* key : {"caption", "sha256"}) {
    const JsonValue* value = details ? details->find(key) : nullptr;
    const auto* text = value == nullptr ? nullptr : value->as<std::string>();
    out.string_or_null(key, text == nullptr ? "" : *text);
  }
  out.field("blob", piece.blob);
  out.ids("seen_by", piece.seen_by);
  out.end_object();
}

Expected<std::uint32_t> number_of(const Call& call, const IncidentState& incident) {
  const std::string& text = call.param(1);
  std::uint32_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size() || n == 0 || n > incident.evidence.size()) {
    return fail("evidence.unknown",
                {"没有这份证据", "Expected a known piece of evidence, but there is none of this number"}, "n");
  }
  return n;
}

Expected<std::string> bytes_of(Service& service, IncidentId incident, const EvidenceState& piece) {
  const auto box = service.ports.blobs->get(piece.blob);
  if (!box) return tl::unexpected(box.error());
  const bool sound = *box && to_hex(sha256(**box)) == piece.blob;
  if (!sound) {
    return fail("evidence.damaged",
                {"证据文件缺失或被改动，请管理员用 tingan verify 检查",
                 "Expected the evidence as it was taken, but its file is missing or changed: run 'tingan verify'"});
  }
  auto opened = service.ports.sealer.open_bytes(key_of(incident), **box);
  if (!opened) return tl::unexpected(opened.error());
  if (!*opened) return fail("evidence.erased", {"证据已按期销毁", "Expected the evidence, but it has been erased"});
  return std::move(**opened);
}

void hand_out(Service& service, const CallPtr& call, const IncidentPtr& incident, std::uint32_t n) {
  const EvidenceState& piece = incident->evidence[n - 1];
  auto bytes = bytes_of(service, incident->id, piece);
  if (!bytes) return service.refuse(*call, bytes.error());
  if (!is_uncounted(*incident)) service.metrics.evidence_look();
  net::Response response;
  response.content_type = piece.media;
  response.headers.emplace_back("Content-Disposition",
                                fmt::format("attachment; filename=\"evidence-{}.{}\"", n, file_ending_of(piece.media)));
  response.body = std::move(*bytes);
  service.finish(*call, std::move(response));
}

}  // namespace

Expected<Work> add_evidence(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"caption"}); !known) return tl::unexpected(known.error());
  const auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  if (service.ports.blobs == nullptr) {
    return fail("evidence.none", {"本节点不收证据", "Expected a store for evidence, but this node has none"});
  }
  auto media = media_type_of(call.request.headers.get("Content-Type"), body_front(call.request));
  if (!media) return tl::unexpected(media.error());
  auto caption = caption_of(call.request);
  if (!caption) return tl::unexpected(caption.error());
  auto work = work_on_incident(service, call,
                               AddEvidence{.media = std::move(*media),
                                           .bytes = static_cast<std::int64_t>(body_size(call.request)),
                                           .blob = {},
                                           .details = {}});
  if (!work) return work;
  work->status = 201;
  // The call outlives its work; its body is not touched before the answer.
  const auto blob = std::make_shared<std::string>();
  work->bulk = true;
  work->seal = [&service, &request = call.request, id = (*incident)->id, caption = std::move(*caption),
                blob](Work& mine) -> Expected<void> {
    auto& command = std::get<AddEvidence>(std::get<IncidentCommand>(mine.command));
    auto details = seal_details(service, id, caption, body_hash(request));
    if (!details) return tl::unexpected(details.error());
    const auto box = seal_body(service.ports.sealer, key_of(id), request);
    if (!box) return tl::unexpected(box.error());
    command.details = std::move(*details);
    command.blob = to_hex(sha256(*box));
    if (auto kept = service.ports.blobs->put(command.blob, *box); !kept) return kept;
    *blob = command.blob;
    return {};
  };
  work->after = [&service, blob](const Outcome& outcome) {
    if (!outcome.refused && !outcome.replayed) return;
    service.pool.post([&service, blob] { (void)service.ports.blobs->remove(*blob); });
  };
  const bool kept = call.request.headers.find("Idempotency-Key").has_value();
  work->body = [&service, kept, who = call.who](const Outcome& outcome, const Registry& registry) {
    JsonOut out;
    if (outcome.incident == nullptr || outcome.incident->evidence.empty()) return std::string("{}");
    write_piece(out, service, *outcome.incident, outcome.incident->evidence.size() - 1, registry.directory(),
                kept ? nullptr : &who);
    return out.take();
  };
  return work;
}

Expected<net::Response> list_evidence(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (std::size_t i = 0; i < (*incident)->evidence.size(); ++i) {
    if (!may_look(service, call.who, **incident, (*incident)->evidence[i])) continue;
    write_piece(out, service, **incident, i, call.directory(), &call.who);
  }
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

// The look is recorded before the bytes go out; where it cannot be (the disk is full), reading goes on and is metered.
void get_evidence(Service& service, const CallPtr& call) {
  const auto incident = incident_for(service, *call, call->param(0));
  if (!incident) return service.refuse(*call, incident.error());
  const auto n = number_of(*call, **incident);
  if (!n) return service.refuse(*call, n.error());
  if (service.ports.blobs == nullptr || !may_look(service, call->who, **incident, (*incident)->evidence[*n - 1])) {
    return service.refuse(*call, {"evidence.not-allowed",
                                  {"各人的所见不能互相看，要留给警方",
                                   "Expected who took it, or somebody outside the unit: witnesses must not compare"},
                                  "n"});
  }
  Submission look{.person = call->who.person,
                  .preferred = call->who.preferred,
                  .incident = (*incident)->id,
                  .command = IncidentCommand(LookAtEvidence{*n})};
  look.done = [&service, call, found = *incident, n = *n](const Outcome& outcome) {
    if (outcome.refused && !outcome.refused->code.starts_with("store.")) return service.refuse(*call, *outcome.refused);
    service.on_bulk(call, [&service, call, found, n] { hand_out(service, call, found, n); });
  };
  service.metrics.command();
  service.ports.submit(std::move(look));
}

}  // namespace tingan::api
