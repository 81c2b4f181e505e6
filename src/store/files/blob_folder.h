// BlobStore as files: <folder>/<first two digits>/<name>, each written beside, synced and renamed.
#pragma once
#include <filesystem>
#include <functional>

#include "ports/blob_store.h"

namespace tingan {

class BlobFolder final : public BlobStore {
 public:
  // The folder is made when the first blob comes.
  explicit BlobFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Expected<void> put(const std::string& name, std::string_view bytes) override;
  Expected<std::optional<std::string>> get(const std::string& name) override;
  Expected<void> remove(const std::string& name) override;

  std::filesystem::path path_of(const std::string& name) const;
  // The names of all that is there, in order; half-written files are left out.
  std::vector<std::string> names() const;
  // Of those that were written before.
  std::vector<std::string> written_before(std::filesystem::file_time_type time) const;

 private:
  Expected<void> make_folder(const std::filesystem::path& folder) const;

  std::filesystem::path folder_;
};

}  // namespace tingan
