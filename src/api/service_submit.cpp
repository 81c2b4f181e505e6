// A write on its way to the engine and back: its key, what is sealed or hashed first, and how its outcome is told.
#include "api/disk_limits.h"
#include "api/json_out.h"
#include "api/refused_close.h"
#include "api/service.h"
#include "api/spool.h"

namespace tingan::api {
namespace {

constexpr std::size_t kKeyBytesMax = 200;

// For whom an outcome is told, and when.
struct Reader {
  Who who;
  Lang lang = Lang::zh;
  Instant now{};
};

Answer render_outcome(const Outcome& outcome, const Registry& registry, const Work& work, const Reader& reader) {
  if (outcome.refused) {
    const int status = status_of(outcome.refused->code);
    const std::string members = missing_members(outcome, registry.directory(), reader.who, reader.now);
    return {status, problem_body(status, *outcome.refused, reader.lang, members)};
  }
  return {work.status, work.body(outcome, registry)};
}

net::Response response_of(const Outcome& outcome, const Answer& answer, const Reader& reader,
                          const Directory& directory, const std::string& location) {
  if (outcome.refused) {
    return problem(*outcome.refused, reader.lang, {{}, missing_members(outcome, directory, reader.who, reader.now)});
  }
  net::Response response = json_response(answer.status, answer.body);
  if (answer.status >= 400) response.content_type = "application/problem+json";
  if (outcome.replayed) {
    response.headers.emplace_back("Idempotency-Replayed", "true");
  } else if (!location.empty()) {
    response.headers.emplace_back("Location", location);
  }
  return response;
}

}  // namespace

Expected<void> Service::set_key(const Call& call, Submission& submission) const {
  const auto key = call.request.headers.find("Idempotency-Key");
  if (!key) return {};
  const bool good = !key->empty() && key->size() <= kKeyBytesMax &&
                    std::all_of(key->begin(), key->end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!good) {
    return fail("idempotency.malformed",
                {fmt::format("Idempotency-Key 应为 1 到 {} 个可见 ASCII 字符", kKeyBytesMax),
                 fmt::format("Expected an Idempotency-Key of 1 to {} visible ASCII characters", kKeyBytesMax)},
                "Idempotency-Key");
  }
  submission.key_scope =
      fmt::format("{} {} {}", call.who.person.str(), net::to_string(call.request.method), call.request.target_path);
  submission.key = std::string(*key);
  submission.body_hash = body_hash(call.request);
  return {};
}

void Service::submit(const CallPtr& call, Work work) {
  if (auto room = check_room_for_work(*this, work); !room) return refuse(*call, room.error());
  const auto shared = std::make_shared<Work>(std::move(work));
  const auto send = [this, call, shared] {
    if (shared->seal) {
      if (auto sealed = shared->seal(*shared); !sealed) return refuse(*call, sealed.error());
    }
    Submission submission;
    submission.person = call->who.program ? PersonId() : call->who.person;
    submission.preferred = call->who.preferred;
    // Nobody's incident: the engine looks for the key, and refuses.
    submission.incident = shared->refused_unless_replayed ? IncidentId() : shared->incident;
    submission.unit = shared->unit;
    submission.order = shared->order;
    submission.command = std::move(shared->command);
    if (auto key = set_key(*call, submission); !key) return refuse(*call, key.error());
    if (!submission.key.empty()) {
      submission.render = [shared, reader = Reader{call->who, call->lang, now()}](const Outcome& outcome,
                                                                                  const Registry& registry) {
        return render_outcome(outcome, registry, *shared, reader);
      };
    }
    const bool keyed = !submission.key.empty();
    submission.done = [this, call, shared, keyed](Outcome outcome) {
      if (outcome.refused && shared->refused_unless_replayed) outcome.refused = shared->refused_unless_replayed;
      if (outcome.refused) {
        metrics.refusal(outcome.refused->code);
        note_refusal(*call, outcome.refused->code);
      }
      if (outcome.replayed) metrics.replayed();
      if (shared->after) shared->after(outcome);
      const Reader reader{call->who, call->lang, now()};
      if (!keyed && !outcome.refused) {
        outcome.answer = render_outcome(outcome, *ports.view.registry(), *shared, reader);
      }
      finish(*call, response_of(outcome, outcome.answer, reader, call->directory(), shared->location));
    };
    metrics.command();
    ports.submit(std::move(submission));
  };
  const auto seal_and_send = [this, call, shared, send] {
    if (shared->bulk) {
      on_bulk(call, send);
    } else if (shared->seal) {
      on_pool(call, send);
    } else {
      send();
    }
  };
  if (!shared->verify) return seal_and_send();
  on_hashing(call, [this, call, shared, seal_and_send] {
    if (auto verified = shared->verify(*shared); !verified) return refuse(*call, verified.error());
    seal_and_send();
  });
}

}  // namespace tingan::api
