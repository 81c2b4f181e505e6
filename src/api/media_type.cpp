#include "api/media_type.h"

#include <fmt/format.h>

#include <array>

#include "api/picture_data.h"
#include "net/http.h"

namespace tingan::api {
namespace {

bool at(std::string_view bytes, std::size_t from, std::string_view what) {
  return bytes.size() >= from + what.size() && bytes.substr(from, what.size()) == what;
}

bool is_jpeg(std::string_view bytes) { return at(bytes, 0, "\xff\xd8\xff"); }
bool is_png(std::string_view bytes) { return at(bytes, 0, "\x89PNG\r\n\x1a\n"); }
bool is_webp(std::string_view bytes) { return at(bytes, 0, "RIFF") && at(bytes, 8, "WEBP"); }
bool is_webm(std::string_view bytes) { return at(bytes, 0, "\x1a\x45\xdf\xa3"); }
bool is_mp4(std::string_view bytes) { return at(bytes, 4, "ftyp"); }
bool is_ogg(std::string_view bytes) { return at(bytes, 0, "OggS"); }
// A tag, or the eleven set bits that begin a frame.
bool is_mpeg(std::string_view bytes) {
  return at(bytes, 0, "ID3") || (bytes.size() > 1 && static_cast<unsigned char>(bytes[0]) == 0xff &&
                                 (static_cast<unsigned char>(bytes[1]) & 0xe0U) == 0xe0U);
}

struct Kind {
  std::string_view media;
  std::string_view ending;
  bool (*is)(std::string_view);
};

constexpr std::array kKinds = {
    Kind{"image/jpeg", "jpg", is_jpeg},  Kind{"image/png", "png", is_png}, Kind{"image/webp", "webp", is_webp},
    Kind{"audio/webm", "webm", is_webm}, Kind{"audio/mp4", "m4a", is_mp4}, Kind{"audio/ogg", "ogg", is_ogg},
    Kind{"audio/mpeg", "mp3", is_mpeg},
};

}  // namespace

Expected<std::string> media_type_of(std::string_view type, std::string_view bytes) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  for (const Kind& kind : kKinds) {
    if (!net::equals_ignoring_case(type, kind.media)) continue;
    if (kind.is(bytes)) return std::string(kind.media);
    return fail("evidence.not-what-it-says",
                {fmt::format("内容不是 {}", kind.media),
                 fmt::format("Expected the bytes of {}, but they are something else", kind.media)},
                "Content-Type");
  }
  return fail(
      "evidence.unsupported",
      {"只收 JPEG、PNG、WebP 照片和 WebM、MP4、Ogg、MP3 录音",
       "Expected a photo (image/jpeg, image/png, image/webp) or a voice note (audio/webm, audio/mp4, audio/ogg, "
       "audio/mpeg), but it is another type or none"},
      "Content-Type");
}

Expected<Media> media_to_keep(std::string_view type, std::string_view bytes) {
  auto media = media_type_of(type, bytes);
  if (!media) return tl::unexpected(media.error());
  auto kept = without_camera_data(*media, bytes);
  if (!kept) {
    return fail("evidence.damaged-picture",
                {"文件损坏，无法去掉其中的位置等拍摄信息，请重新拍摄",
                 "Expected a file whose place data can be taken out, but it is damaged: take it again"});
  }
  return Media{std::move(*media), std::move(*kept)};
}

std::string_view file_ending_of(std::string_view media) {
  for (const Kind& kind : kKinds) {
    if (media == kind.media) return kind.ending;
  }
  return "bin";
}

}  // namespace tingan::api
