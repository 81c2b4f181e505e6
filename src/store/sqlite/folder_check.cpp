#include "store/sqlite/folder_check.h"

#include <array>

#include "base/file.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

struct Part {
  fs::path file;
  Text advice;
};

// What brings each back. node.key never changes and master.key only by `tingan keys rotate`, so an old backup has them,
// too; log and keys grow all the time and only fit each other when they come from one moment.
std::array<Part, 4> parts_of(const DataFolder& folder) {
  const Text whole{"请停机，用 tingan restore 从最近的备份恢复到一个空目录",
                   "stop, and bring the newest backup back into an empty folder with 'tingan restore'"};
  return {Part{folder.log(), whole}, Part{folder.keys(), whole},
          Part{folder.master_key(),
               {"请从上次 keys rotate 之后的任一份备份取回 master.key 放回原处",
                "put master.key back from any backup made since the last 'tingan keys rotate'"}},
          Part{folder.node_key(),
               {"请从本节点的任一份备份取回 node.key 放回原处（它从不改变，旧备份也可以）",
                "put node.key back from any backup of this node: it never changes, an old one will do"}}};
}

enum class Presence { absent, empty, there };

Presence presence_of(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(file, error))) return Presence::absent;
  const auto size = fs::file_size(file, error);
  return !error && size == 0 ? Presence::empty : Presence::there;
}

bool has_evidence(const DataFolder& folder) {
  std::error_code error;
  return fs::is_directory(folder.blobs(), error) && !fs::is_empty(folder.blobs(), error);
}

tl::unexpected<Error> refuse(const Part& part, bool empty, const std::string& beside) {
  const std::string name = part.file.filename().string();
  return fail(
      empty ? "data.file-empty" : "data.file-missing",
      {fmt::format("数据目录里有 {}，而 {} {}。节点不会另建一个来顶替：{}。没有备份时，先用 tingan export "
                   "导出还读得出的日志，再用一个空目录启动新节点",
                   beside, name, empty ? "是空文件" : "不见了", part.advice.zh),
       fmt::format("Expected {} beside {}, but it is {}. The node does not make a new one in its place: {}. With no "
                   "backup, save what can still be read with 'tingan export', then start a new node in an empty folder",
                   name, beside, empty ? "empty" : "gone", part.advice.en)},
      part.file.string());
}

}  // namespace

Expected<FolderState> check_folder(const DataFolder& folder) {
  std::error_code error;
  if (fs::exists(folder.first_start(), error)) return FolderState::fresh;
  const auto parts = parts_of(folder);
  std::string there;
  const Part* lost = nullptr;
  bool empty = false;
  for (const Part& part : parts) {
    const Presence presence = presence_of(part.file);
    if (presence != Presence::absent) there += (there.empty() ? "" : ", ") + part.file.filename().string();
    if (presence == Presence::there || lost != nullptr) continue;
    lost = &part;
    empty = presence == Presence::empty;
  }
  if (lost == nullptr) return FolderState::whole;
  // What only a node leaves, where all four are gone.
  if (there.empty() && presence_of(folder.snapshot()) != Presence::absent) there = "snapshot.db";
  if (there.empty() && has_evidence(folder)) there = "blobs/";
  if (there.empty()) return FolderState::fresh;
  return refuse(*lost, empty, there);
}

Expected<void> begin_first_start(const DataFolder& folder) {
  return write_private_file(folder.first_start(),
                            "a first start is making this node's files; removed when they are all there\n");
}

void end_first_start(const DataFolder& folder) {
  std::error_code ignored;
  fs::remove(folder.first_start(), ignored);
}

}  // namespace tingan
