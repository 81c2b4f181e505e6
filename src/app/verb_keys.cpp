// tingan keys rotate: a new master key for a stopped node.
#include <cstdlib>
#include <iostream>

#include "app/data_root.h"
#include "app/log_verbs.h"
#include "app/system_random.h"
#include "base/file.h"
#include "store/sqlite/erased_list.h"
#include "store/sqlite/key_rotation.h"

namespace tingan {
namespace {

struct Request {
  std::string data;
  std::string present;  // files with passphrases
  std::string next;
};

Expected<std::optional<std::string>> passphrase_in(const std::string& file) {
  if (file.empty()) return std::nullopt;
  auto text = read_text_file(file);
  if (!text) return tl::unexpected(text.error());
  return std::optional(without_line_end(std::move(*text)));
}

Expected<std::size_t> rotate(const Request& request) {
  auto present = passphrase_in(request.present);
  if (!present) return tl::unexpected(present.error());
  if (const char* given = std::getenv("TINGAN_PASSPHRASE"); given != nullptr && !*present) *present = given;
  auto next = passphrase_in(request.next);
  if (!next) return tl::unexpected(next.error());
  SystemRandom random;
  return rotate_master_key({request.data}, {std::move(*present), std::move(*next)}, random);
}

int run(const Request& request) {
  const auto count = rotate(request);
  if (!count) {
    std::cerr << to_string(count.error()) << '\n';
    return count.error().code == "store.missing" ? 2 : 1;
  }
  fmt::print(
      "主密钥已更换，{} 个密钥重新封存；旧备份仍由旧主密钥打开 / the master key is replaced, {} keys are sealed "
      "anew; older backups still open with the old one\n",
      *count, *count);
  return 0;
}

int list_erased(const std::string& data, const std::string& file) {
  const auto names = erased_names({data});
  Expected<void> done;
  if (!names) done = tl::unexpected(names.error());
  if (done && file.empty()) fmt::print("{}", write_erased(*names));
  if (done && !file.empty()) done = write_private_file(file, write_erased(*names));
  if (done) return 0;
  std::cerr << to_string(done.error()) << '\n';
  return done.error().code == "store.none" ? 2 : 1;
}

}  // namespace

void add_keys(CLI::App& app, int& exit_code) {
  CLI::App* keys = app.add_subcommand("keys", "the master key that seals personal data");
  keys->require_subcommand(1);
  auto request = std::make_shared<Request>();
  CLI::App* verb = keys->add_subcommand("rotate", "a new master key in place of the old one; the node must be stopped");
  verb->add_option("--data", request->data, "data folder")->required();
  verb->add_option("--passphrase-file", request->present,
                   "file with the present passphrase (or TINGAN_PASSPHRASE; none: the key stands in master.key)");
  verb->add_option("--new-passphrase-file", request->next,
                   "file with the new passphrase (none: the new key stands in master.key)");
  verb->callback([request, &exit_code] { exit_code = run(*request); });

  CLI::App* erased = keys->add_subcommand(
      "erased", "what was erased, for 'tingan restore --erased'; the node may be running; keep it beside the backups");
  auto file = std::make_shared<std::string>();
  erased->add_option("--data", request->data, "data folder")->required();
  erased->add_option("-o,--output", *file, "file to write (default: standard output)");
  erased->callback([request, file, &exit_code] { exit_code = list_erased(request->data, *file); });
}

}  // namespace tingan
