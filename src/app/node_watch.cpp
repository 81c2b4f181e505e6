#include "app/node_watch.h"

#include <spdlog/spdlog.h>

#include "app/blob_sweep.h"

namespace tingan {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kLook{1};
constexpr std::chrono::minutes kNote{10};
constexpr std::chrono::hours kSweep{6};

double seconds(Duration span) { return static_cast<double>(span.count()) / 1000.0; }

void gauge(std::string& out, std::string_view name, std::string_view help, double value) {
  out += fmt::format("# HELP tingan_{} {}\n# TYPE tingan_{} gauge\ntingan_{} {}\n", name, help, name, name, value);
}

api::NodeWarning clock_is_apart(Duration offset) {
  const Text by = say_duration(std::chrono::abs(offset));
  const bool ahead = offset > Duration::zero();
  if (offset > NodeClock::kFollowedAhead) {
    return {
        "clock.jumped",
        {fmt::format("本机时钟比节点快了{}，节点没有跟着跳。请先核对时间：本机对，就重新启动节点；不对，就把它调回来",
                     by.zh),
         fmt::format("The machine's clock is {} ahead of the node's, which has not followed. Check the time: where "
                     "the machine is right, start the node again; where not, set it back",
                     by.en)}};
  }
  return {"clock.apart",
          {fmt::format("节点的钟比本机{}了{}，正在慢慢对上；这期间记录的时间有偏差", ahead ? "慢" : "快", by.zh),
           fmt::format("The node's clock is {} {} the machine's and is being brought to it slowly; recorded times are "
                       "off meanwhile",
                       by.en, ahead ? "behind" : "ahead of")}};
}

const api::NodeWarning* room_warning(Room room) {
  static const api::NodeWarning kLow{
      "disk.low",
      {"磁盘快满了：暂不收照片、证据和导入的表格，请尽快清理",
       "The disk is nearly full: photos, evidence and imports are refused. Make room soon"}};
  static const api::NodeWarning kReserve{"disk.full",
                                         {"磁盘已满：只收真实事件的上报、静默报警和确认，请马上清理",
                                          "The disk is full: only declares, silent alarms and acknowledgements of real "
                                          "incidents are taken. Make room now"}};
  static const api::NodeWarning kNone{
      "disk.read-only",
      {"磁盘已满，预留空间也用完了：现在只能看，不能记。请马上清理，事件先用纸和电话处理",
       "The disk is full and the reserve is used up: reading only. Make room now, and run what happens by paper and "
       "phone"}};
  switch (room) {
    case Room::plenty:
      return nullptr;
    case Room::low:
      return &kLow;
    case Room::reserve:
      return &kReserve;
    case Room::none:
      return &kNone;
  }
  return nullptr;
}

}  // namespace

NodeWatch::NodeWatch(Parts parts, ClockVerdict verdict, Duration confirmed_before, double time_scale)
    : parts_(std::move(parts)),
      time_scale_(time_scale),
      trust_(parts_.clock.now(), verdict == ClockVerdict::steady ? confirmed_before : Duration::zero(), time_scale),
      verdict_(verdict) {}

NodeWatch::~NodeWatch() { stop(); }

void NodeWatch::start() {
  erasing_ = trust_.erasing_allowed();
  parts_.engine.hold_erasures(!erasing_);
  if (verdict_ == ClockVerdict::believed) {
    spdlog::warn(
        "the clock is hours ahead of when this node was last up, and is believed; nothing is erased before it "
        "has been confirmed for a day");
  } else if (verdict_ == ClockVerdict::behind && time_scale_ == 1.0) {
    spdlog::warn("the machine's clock is behind the last record: the node goes on from that; set the clock");
  }
  look();
  note();
  sweep_at_ = Steady::now() + kLook;
  thread_ = std::thread([this] { loop(); });
}

void NodeWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_.exchange(true)) return;
  }
  wake_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  note();
}

void NodeWatch::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, kLook, [this] { return stopping_.load(); });
    if (stopping_) return;
    lock.unlock();
    look();
    if (Steady::now() >= note_at_) note();
    if (erasing_ && Steady::now() >= sweep_at_) sweep();
    lock.lock();
  }
}

void NodeWatch::look() {
  look_at_clock();
  look_at_disk();
}

void NodeWatch::look_at_clock() {
  parts_.clock.follow();
  parts_.wall_clock.follow();
  const Duration offset = parts_.clock.wall_offset();
  trust_.look(parts_.clock.now(), offset);
  const bool apart = std::chrono::abs(offset) > kApart;
  if (apart != apart_) {
    if (apart) {
      spdlog::warn("{}", clock_is_apart(offset).text.en);
    } else {
      spdlog::info("the machine's clock and the node's agree again");
      verdict_ = ClockVerdict::steady;
    }
    apart_ = apart;
  }
  const bool erasing = trust_.erasing_allowed();
  if (erasing == erasing_) return;
  erasing_ = erasing;
  parts_.engine.hold_erasures(!erasing);
  spdlog::info(erasing ? "the clock has been confirmed for a day: what is due is erased again"
                       : "the clock is in question: nothing is erased");
}

void NodeWatch::look_at_disk() {
  parts_.room.look();
  const Room room = parts_.room.room();
  if (room == room_) return;
  room_ = room;
  const api::NodeWarning* const warning = room_warning(room);
  const std::uint64_t free = parts_.room.space().free >> 20U;
  if (warning == nullptr) {
    spdlog::info("there is room on the disk again: {} MiB free", free);
  } else {
    spdlog::warn("{} ({} MiB free, {} KiB of reserve)", warning->text.en, free, parts_.room.left() >> 10U);
  }
}

void NodeWatch::note() {
  note_at_ = Steady::now() + kNote;
  const auto noted = write_clock_note(parts_.folder.clock(), {parts_.clock.now(), trust_.confirmed()});
  if (!noted && noted.error().code != "file.full") spdlog::warn("{}", to_string(noted.error()));
}

void NodeWatch::sweep() {
  sweep_at_ = Steady::now() + kSweep;
  const auto before = std::filesystem::file_time_type::clock::now() - kUnnamedKept;
  const auto swept = sweep_blobs(parts_.blobs, parts_.log, before, stopping_);
  if (!swept) {
    spdlog::warn("pictures that nothing names stay for now: {}", to_string(swept.error()));
  } else if (swept->removed > 0) {
    swept_ += swept->removed;
    spdlog::info("{} pictures that nothing in the log names are removed, {} KiB", swept->removed, swept->bytes >> 10U);
  }
}

std::vector<api::NodeWarning> NodeWatch::warnings() const {
  std::vector<api::NodeWarning> out;
  if (const auto* room = room_warning(parts_.room.room())) out.push_back(*room);
  const Duration offset = parts_.clock.wall_offset();
  if (std::chrono::abs(offset) > kApart) out.push_back(clock_is_apart(offset));
  if (verdict_ == ClockVerdict::believed && !trust_.erasing_allowed()) {
    out.push_back(
        {"clock.unconfirmed",
         {"节点停了很久后重新启动，时钟还没有连续核对满一天：到期的客户资料暂不删除",
          "The node was down for long and its clock has not been confirmed for a day: nothing is erased yet"}});
  }
  return out;
}

std::string NodeWatch::metrics() const {
  std::string out;
  gauge(out, "wall_clock_offset_seconds", "How far the wall clock is ahead of the node's.",
        seconds(parts_.clock.wall_offset()));
  gauge(out, "clock_slew",
        "Parts of one by which the node's clock runs faster than the machine's to meet the wall clock.",
        parts_.clock.slew());
  gauge(out, "clock_confirmed_seconds", "How long the clock has gone unquestioned; nothing is erased before a day.",
        seconds(trust_.confirmed()));
  gauge(out, "erasing_held", "1 while nothing is erased because the clock is not confirmed.",
        trust_.erasing_allowed() ? 0 : 1);
  gauge(out, "disk_free_bytes", "Room on the disk of the data folder.", static_cast<double>(parts_.room.space().free));
  gauge(out, "disk_reserve_bytes", "What is left of the reserve for a full disk.",
        static_cast<double>(parts_.room.left()));
  gauge(out, "disk_room", "0 plenty, 1 low: no evidence, 2 full: urgent only, 3 reading only.",
        static_cast<double>(parts_.room.room()));
  out += fmt::format(
      "# HELP tingan_swept_pictures_total Pictures that nothing in the log named.\n"
      "# TYPE tingan_swept_pictures_total counter\ntingan_swept_pictures_total {}\n",
      swept_.load());
  return out;
}

}  // namespace tingan
