// What photos and voice notes may be, told by their first bytes: what a client claims is not believed.
#pragma once
#include <string>
#include <string_view>

#include "base/error.h"

namespace tingan::api {

// The plain media type ("image/jpeg") of a Content-Type header whose claim the bytes bear out. Errors:
// `evidence.unsupported` (a type that we do not take), `evidence.not-what-it-says`.
Expected<std::string> media_type_of(std::string_view content_type, std::string_view bytes);

// "jpg"; "bin" for a type that we do not know.
std::string_view file_ending_of(std::string_view media);

// media_type_of(), and the bytes without what a camera writes beside the picture (api/picture_data.h): what is kept.
// Errors as there, and `evidence.damaged-picture`.
struct Media {
  std::string type;
  std::string bytes;
};
Expected<Media> media_to_keep(std::string_view type, std::string_view bytes);

}  // namespace tingan::api
