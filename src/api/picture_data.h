// What a camera writes into a picture beside the picture: place, time, device, a small copy of what was cut away. It is
// taken out by structure, nothing is encoded again, so that the picture stays what it was.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tingan::api {

// The same picture or recording with nothing but what is needed to show it: JPEG without APPn but JFIF, colours (ICC,
// Adobe) and how it is turned; PNG and WebP with their known chunks; MP4 sound and MP3 without tags; nothing behind the
// end. Orientation stays, alone in an EXIF block of its own. `media` as media_type_of() gives it; other types come back
// as they are. Bytes whose structure cannot be followed come back as they are where they hold no such data, else
// nullopt: then they must not be kept. Any thread.
std::optional<std::string> without_camera_data(std::string_view media, std::string_view bytes);

}  // namespace tingan::api
