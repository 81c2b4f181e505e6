// For tests only: a whole node in memory (the real engine over the memory store, the demo organisation, every shipped
// plan) with its API, asked without sockets. Every answer that comes back is held against openapi.json.
#pragma once
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <sstream>

#include "api/api.h"
#include "api/credentials.h"
#include "api/embedded.h"
#include "api/router.h"
#include "api/testing_schema.h"
#include "base/check.h"
#include "codec/record_json.h"
#include "net/url.h"
#include "report/report_html.h"
#include "report/report_pdf.h"
#include "runtime/bootstrap.h"
#include "store/memory/memory_blob_store.h"
#include "store/memory/memory_event_log.h"
#include "store/memory/memory_key_store.h"

namespace tingan::api::testing {

using namespace std::chrono_literals;
using net::Method;

inline const Instant kStart = *parse_rfc3339("2026-11-23T10:00:00+08:00");  // a Monday, in business hours

class ManualClock : public Clock {
 public:
  Instant now() override { return from_millis(ms_); }
  void set(Instant at) { ms_ = to_millis(at); }

 private:
  std::atomic<std::int64_t> ms_{to_millis(kStart)};
};

// The same bytes in every run; any thread.
class SeededRandom : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    const std::lock_guard lock(mutex_);
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_{20261123};
};

class NoSigner : public Signer {
 public:
  std::string sign(std::string_view) override { return std::string(64, 's'); }
  std::string public_key() const override { return std::string(32, 'p'); }
};

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Reply {
  int status = 0;
  std::string body;
  std::string type;
  Fields headers;

  json::value value() const { return json::parse(body); }
  // The member at that JSON pointer; null where there is none.
  json::value at(std::string_view pointer) const {
    boost::system::error_code ec;
    const json::value all = json::parse(body, ec);
    const json::value* found = ec ? nullptr : all.find_pointer(pointer, ec);
    return found == nullptr ? json::value() : *found;
  }
  std::string text(std::string_view pointer) const {
    const json::value found = at(pointer);
    return found.is_string() ? std::string(found.as_string()) : json::serialize(found);
  }
  std::string code() const { return text("/code"); }
  std::string header(std::string_view name) const {
    for (const auto& [key, field] : headers) {
      if (net::equals_ignoring_case(key, name)) return field;
    }
    return {};
  }
};

inline std::string read_all(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class World {
 public:
  explicit World(const std::function<void(Options&)>& change = {}) : disk_(std::make_shared<MemoryDisk>()) {
    options_.demo = true;
    options_.security_every = Duration{0};  // written when a test asks for them
    options_.render_html = [](const report::ReportDocument& document) -> Expected<std::string> {
      return report::report_html(document);
    };
    options_.render_pdf = [](const report::ReportDocument& document) { return report::report_pdf(document); };
    options_.render_paper = &report::paper_pdf;
    for (const auto& entry : std::filesystem::directory_iterator("forms")) {
      const std::string name = entry.path().filename().string();
      options_.forms[FormId(name.substr(0, name.find('.')))] = read_all(entry.path());
    }
    if (change) change(options_);
    copy_published();
    boot();
  }
  ~World() { end_api(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  ManualClock clock;
  ManualClock wall_clock;
  std::atomic<Room> room{Room::plenty};  // of the disk
  std::vector<NodeWarning> warnings;

  Api& api() { return *api_; }
  MemoryDisk& disk() { return *disk_; }
  const View& view() const { return core_->view(); }
  Sealer& sealer() { return sealer_; }
  MemoryBlobStore& blobs() { return blobs_; }

  // The process ends and starts again over the same disk.
  void restart() {
    end_api();
    core_.reset();
    boot();
  }

  void pass(Duration length) {
    const std::lock_guard lock(engine_mutex_);
    const Instant until = clock.now() + length;
    while (core_->next_deadline() <= until) {
      clock.set(std::max(clock.now(), core_->next_deadline()));
      CHECK(core_->tick(clock.now()));
    }
    clock.set(until);
    wall_clock.set(wall_clock.now() + length);
  }

  // `target` as in a request line, with its query. No answer within twenty seconds is a failure.
  Reply send(Method method, const std::string& target, std::string body = "", const Fields& headers = {},
             const std::string& peer = "192.0.2.7", bool secure = false) {
    net::Request request;
    request.method = method;
    const auto parsed = net::parse_target(target);
    CHECK(parsed);
    request.target_path = parsed->path;
    request.query = parsed->query;
    request.peer = peer;
    request.secure = secure;
    for (const auto& [name, field] : headers) request.headers.add(name, field);
    if (!body.empty() && !request.headers.find("Content-Type")) request.headers.add("Content-Type", "application/json");
    request.body = std::move(body);
    const auto answer = std::make_shared<std::promise<net::Response>>();
    auto coming = answer->get_future();
    const std::string path = request.target_path;
    api_->handle(std::move(request), [answer](net::Response response) { answer->set_value(std::move(response)); });
    CHECK(coming.wait_for(20s) == std::future_status::ready);
    net::Response response = coming.get();
    Reply reply{response.status, std::string(response.payload()), response.content_type, response.headers};
    const bool little = std::any_of(headers.begin(), headers.end(), [](const auto& h) { return h.first == "Prefer"; });
    if (!little) expect_declared(method, path, reply);  // whoever asks for little gets a part
    return reply;
  }

  // The person's token; signs in the first time.
  const std::string& token(const std::string& person) {
    std::string& token = tokens_[person];
    if (token.empty()) {
      const Reply reply = sign_in(person);
      EXPECT_EQ(reply.status, 200) << person << reply.body;
      token = reply.text("/token");
    }
    return token;
  }
  Reply sign_in(const std::string& person, const std::string& password = "tingan-demo", const Fields& headers = {},
                bool secure = false) {
    return send(Method::kPost, "/api/v1/session",
                json::serialize(json::object{{"user", person}, {"password", password}}), headers, "192.0.2.7", secure);
  }
  void forget_tokens() { tokens_.clear(); }

  Reply as(const std::string& person, Method method, const std::string& path, std::string body = "",
           Fields headers = {}) {
    headers.emplace_back("Authorization", "Bearer " + token(person));
    return send(method, path.starts_with("/api/") ? path : "/api/v1" + path, std::move(body), headers);
  }
  Reply get(const std::string& person, const std::string& path, Fields headers = {}) {
    return as(person, Method::kGet, path, "", std::move(headers));
  }
  Reply post(const std::string& person, const std::string& path, std::string body = "", Fields headers = {}) {
    return as(person, Method::kPost, path, std::move(body), std::move(headers));
  }

  // A new incident's id.
  std::string declare(const std::string& person, const std::string& unit, const std::string& type,
                      const std::string& facts = "{}", const std::string& more = "") {
    const Reply reply = post(person, "/incidents",
                             "{\"unit\":\"" + unit + "\",\"type\":\"" + type + "\",\"facts\":" + facts + more + "}");
    EXPECT_EQ(reply.status, 201) << reply.body;
    return reply.text("/id");
  }

  void set_password(const std::string& person, const std::string& password, bool must_change) {
    auto command = make_password(PersonId(person), password, must_change, sealer_);
    CHECK(command);
    Submission submission;
    submission.unit = top_unit(core_->view().registry()->directory().organisation()).id;
    submission.command = UnitCommand(std::move(*command));
    submission.done = [](const Outcome& outcome) { CHECK(!outcome.refused); };
    submit(std::move(submission));
  }

  // Commands that reached the engine.
  std::atomic<int> submitted{0};

 private:
  // As a node does: what waits to be noted is written while there is still somebody to show it to.
  void end_api() {
    if (api_) api_->write_notes();
    api_.reset();
  }
  struct Published {
    std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
    std::shared_ptr<MemoryKeys> keys = std::make_shared<MemoryKeys>();
  };
  // Checked and published once for all worlds; each starts from a copy.
  static const Published& published() {
    static const Published made = [] {
      Published out;
      SeededRandom random;
      NoSigner signer;
      MemoryKeyStore key_store{out.keys, random};
      Sealer sealer{key_store, random};
      MemoryEventLog log(out.disk);
      EngineCore core(EnginePorts{log, random, signer, sealer});
      CHECK(core.recover());
      std::vector<PlanText> plans;
      for (const auto& entry : std::filesystem::directory_iterator("plans")) {
        if (entry.path().extension() == ".yaml") plans.push_back({entry.path().string(), read_all(entry.path())});
      }
      std::sort(plans.begin(), plans.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
      CHECK(publish_shipped(core, sealer, read_all("org/demo.yaml"), "org/demo.yaml", plans, kStart - 24h));
      return out;
    }();
    return made;
  }
  void copy_published() {
    const Published& from = published();
    disk_->records = from.disk->records;
    disk_->batches = from.disk->batches;
    disk_->units = from.disk->units;
    keys_->keys = from.keys->keys;
  }

  void boot() {
    log_ = std::make_unique<MemoryEventLog>(disk_);
    core_ = std::make_unique<EngineCore>(EnginePorts{*log_, random_, signer_, sealer_});
    CHECK(core_->recover());
    Ports ports{[this](Submission submission) { submit(std::move(submission)); },
                [] { return std::size_t{0}; },
                [this] {
                  const std::lock_guard lock(disk_->mutex);
                  return disk_->full;
                },
                core_->view(),
                log_->reader(),
                sealer_,
                random_,
                clock,
                wall_clock,
                &blobs_,
                [this] { return room.load(); },
                [this] { return warnings; }};
    api_ = std::make_unique<Api>(ports, options_);
    core_->on_commit([this](const Commit& commit) { api_->on_commit(commit); });
    api_->set_ready(true);
  }

  // In place of the engine's thread: one command at a time.
  void submit(Submission submission) {
    ++submitted;
    const std::lock_guard lock(engine_mutex_);
    std::vector<Submission> batch;
    batch.push_back(std::move(submission));
    CHECK(core_->run(std::move(batch), clock.now()));
  }

  static const json::value& document() {
    static const json::value parsed = json::parse(embedded_file("openapi.json"));
    return parsed;
  }
  void expect_declared(Method method, const std::string& path, const Reply& reply) const {
    const Match found = match(routes(), method, path);
    if (found.route == nullptr) return;  // no route, or not with this method
    std::string verb(net::to_string(found.route->method));
    std::transform(verb.begin(), verb.end(), verb.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    const std::string what = verb + " " + std::string(found.route->pattern) + " " + std::to_string(reply.status);
    const SchemaCheck checker(document());
    const auto* item = document().at("paths").as_object().if_contains(std::string(found.route->pattern));
    ASSERT_NE(item, nullptr) << what;
    const auto& responses = item->at(verb).at("responses").as_object();
    const auto* declared = responses.if_contains(std::to_string(reply.status));
    ASSERT_NE(declared, nullptr) << what << " is not declared: " << reply.body;
    const json::object& response = checker.resolve(declared->as_object());
    const auto* content = response.if_contains("content");
    if (content == nullptr) {
      EXPECT_EQ(reply.body, "") << what;
      return;
    }
    const std::string type = reply.type.substr(0, reply.type.find(';'));
    const auto* media = content->as_object().if_contains(type);
    ASSERT_NE(media, nullptr) << what << " as " << type;
    if (type.find("json") == std::string::npos) return;
    EXPECT_EQ(checker.check(media->at("schema"), reply.value(), ""), "") << what;
  }

  std::shared_ptr<MemoryDisk> disk_;
  std::shared_ptr<MemoryKeys> keys_ = std::make_shared<MemoryKeys>();
  SeededRandom random_;
  NoSigner signer_;
  MemoryKeyStore key_store_{keys_, random_};
  Sealer sealer_{key_store_, random_};
  Options options_;
  MemoryBlobStore blobs_;
  std::mutex engine_mutex_;
  std::unique_ptr<MemoryEventLog> log_;
  std::unique_ptr<EngineCore> core_;
  std::unique_ptr<Api> api_;
  std::map<std::string, std::string> tokens_;
};

}  // namespace tingan::api::testing
