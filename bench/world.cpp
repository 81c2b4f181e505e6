#include "bench/world.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/check.h"

namespace tingan::bench {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

template <class T>
T must(Expected<T> value) {
  if (!value) {
    fmt::print(stderr, "{}\n", to_string(value.error()));
    std::exit(1);
  }
  return std::move(*value);
}

void must(const Expected<void>& value) {
  if (!value) {
    fmt::print(stderr, "{}\n", to_string(value.error()));
    std::exit(1);
  }
}

constexpr const char* kHallRoles[] = {"hall-director", "duty-manager", "shift-leader", "clerk", "guide", "guard"};
constexpr const char* kCentreRoles[] = {"general-group", "back-office",  "support-centre", "safety-officer",
                                        "security-dept", "service-dept", "centre-head",    "company-leader"};

void add_shift(std::string& roster, const std::string& unit, std::span<const char* const> roles) {
  roster += fmt::format("  - {{unit: {}, days: mon-sun, from: \"00:00\", to: \"00:00\", people: {{", unit);
  for (std::size_t i = 0; i < roles.size(); ++i) {
    roster += fmt::format("{}{}: [{}@{}]", i == 0 ? "" : ", ", roles[i], roles[i], unit);
  }
  roster += "}}\n";
}

void add_people(std::string& people, const std::string& unit, std::span<const char* const> roles) {
  for (const char* role : roles) {
    people += fmt::format("  - {{id: {}@{}, name: N, unit: {}, roles: [{}], phone: \"1\"}}\n", role, unit, unit, role);
  }
}

}  // namespace

void BenchRandom::fill(std::span<std::uint8_t> out) {
  for (std::uint8_t& byte : out) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    byte = static_cast<std::uint8_t>(state_ >> 32);
  }
}

std::string organisation_yaml(std::size_t halls, bool every_role) {
  std::string units = "  - {id: centre, kind: centre, name: {zh: 中心, en: Centre}, phone: \"1\"}\n";
  std::string people;
  std::string roster;
  add_people(people, "centre", kCentreRoles);
  add_shift(roster, "centre", kCentreRoles);
  const std::span<const char* const> roles(kHallRoles, every_role ? std::size(kHallRoles) : 1);
  for (std::size_t i = 0; i < halls; ++i) {
    const std::string id = fmt::format("h{}", i);
    units += fmt::format(
        "  - {{id: {0}, kind: hall, parent: centre, name: {{zh: 厅{0}, en: Hall {0}}}, address: {{zh: 路{0}号, en: "
        "Road {0}}}, "
        "phone: \"1\", hours: {{mon-sun: \"09:00-18:00\"}}}}\n",
        id);
    add_people(people, id, roles);
    add_shift(roster, id, roles);
  }
  return "organisation: bench\ntitle: {zh: 测, en: Bench}\nzone: \"+08:00\"\nunits:\n" + units + "people:\n" + people +
         "roster:\n" + roster + "channels: []\nalarms: []\n";
}

BenchWorld::BenchWorld() {
  std::string pattern = (std::filesystem::temp_directory_path() / "tingan-bench-XXXXXX").string();
  CHECK(mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
}

BenchWorld::~BenchWorld() {
  close();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void BenchWorld::open() {
  const DataFolder folder{folder_};
  log_ = must(SqliteEventLog::open(folder));
  keys_ = must(SqliteKeyStore::open(folder, std::nullopt, random));
  identity_ = must(NodeIdentity::open_or_create(folder_ / "node.key", random));
  sealer_ = std::make_unique<Sealer>(*keys_, random);
  core_ = std::make_unique<EngineCore>(EnginePorts{*log_, random, *identity_, *sealer_});
  must(core_->recover());
}

void BenchWorld::close() {
  core_.reset();
  sealer_.reset();
  identity_.reset();
  keys_.reset();
  log_.reset();
}

void BenchWorld::publish(const std::string& organisation, const std::string& plans_dir) {
  std::vector<PlanText> plans;
  for (const auto& entry :
       std::filesystem::directory_iterator(plans_dir)) {  // any order: chains may point to later ones
    if (entry.path().extension() == ".yaml") plans.push_back({entry.path().string(), read_file(entry.path())});
  }
  must(publish_shipped(*core_, *sealer_, organisation, "bench", plans, *parse_rfc3339("2026-11-23T10:00:00+08:00")));
}

std::size_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace tingan::bench
