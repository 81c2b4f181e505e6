#include "api/picture_data.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tingan::api {
namespace {

constexpr std::string_view kExifHead("Exif\0\0", 6);

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

// An unsigned number of `size` bytes; the caller has looked that they are there.
std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size, bool little) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = (value << 8U) | byte_at(bytes, little ? at + size - 1 - i : at + i);
  return value;
}

std::string number_of(std::uint32_t value, std::size_t size, bool little) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    out[little ? i : size - 1 - i] = static_cast<char>((value >> (8U * i)) & 0xffU);
  }
  return out;
}

// --- EXIF: how the picture is turned

constexpr std::uint32_t kOrientationTag = 0x0112;

// 2 to 8 where a TIFF block says that the picture has to be turned, else 0.
std::uint32_t orientation_in(std::string_view tiff) {
  constexpr std::size_t kEntry = 12;
  if (tiff.size() < 8 || (!tiff.starts_with("II") && !tiff.starts_with("MM"))) return 0;
  const bool little = tiff[0] == 'I';
  const std::size_t first = number_at(tiff, 4, 4, little);
  if (first > tiff.size() - 2) return 0;
  const std::size_t entries = number_at(tiff, first, 2, little);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = first + 2 + i * kEntry;
    if (at + kEntry > tiff.size()) return 0;
    if (number_at(tiff, at, 2, little) != kOrientationTag) continue;
    const std::uint32_t value = number_at(tiff, at + 8, 2, little);
    return value >= 2 && value <= 8 ? value : 0;
  }
  return 0;
}

// A TIFF block of one entry.
std::string tiff_of(std::uint32_t orientation) {
  return "MM" + number_of(42, 2, false) + number_of(8, 4, false) + number_of(1, 2, false) +
         number_of(kOrientationTag, 2, false) + number_of(3, 2, false) + number_of(1, 4, false) +
         number_of(orientation, 2, false) + number_of(0, 2, false) + number_of(0, 4, false);
}

// --- JPEG

constexpr unsigned kSos = 0xda;
constexpr unsigned kEoi = 0xd9;

bool stands_alone(unsigned marker) { return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8); }

bool is_kept_segment(unsigned marker, std::string_view content) {
  if (marker == 0xfe) return false;                 // a comment
  if (marker < 0xe0 || marker > 0xef) return true;  // no APPn
  if (marker == 0xe0) return content.starts_with(std::string_view("JFIF\0", 5));
  if (marker == 0xe2) return content.starts_with(std::string_view("ICC_PROFILE\0", 12));
  return marker == 0xee && content.starts_with("Adobe");
}

// JFIF may carry a small picture of its own: only its head is kept.
std::string kept_content(unsigned marker, std::string_view content) {
  constexpr std::size_t kJfif = 14;
  std::string kept(content);
  if (marker != 0xe0 || kept.size() < kJfif) return kept;
  kept.resize(kJfif);
  kept[12] = kept[13] = 0;
  return kept;
}

std::string segment(unsigned marker, std::string_view content) {
  return std::string{'\xff', static_cast<char>(marker)} +
         number_of(static_cast<std::uint32_t>(content.size() + 2), 2, false) + std::string(content);
}

// Where the next marker stands behind coded data; the end where there is none.
std::size_t after_coded_data(std::string_view bytes, std::size_t from) {
  for (std::size_t i = from; i + 1 < bytes.size(); ++i) {
    const unsigned next = byte_at(bytes, i + 1);
    if (byte_at(bytes, i) == 0xff && next != 0 && next != 0xff && !(next >= 0xd0 && next <= 0xd7)) return i;
  }
  return bytes.size();
}

std::optional<std::string> strip_jpeg(std::string_view bytes) {
  std::string out("\xff\xd8", 2);
  std::size_t turned_at = out.size();  // behind JFIF, which must be first
  std::uint32_t turned = 0;
  bool any_scan = false;
  std::size_t i = 2;
  while (i + 2 <= bytes.size()) {
    if (byte_at(bytes, i) != 0xff) return std::nullopt;
    const unsigned marker = byte_at(bytes, i + 1);
    if (marker == 0xff) {  // fill
      ++i;
      continue;
    }
    if (marker == kEoi) break;
    if (stands_alone(marker)) {
      out += bytes.substr(i, 2);
      i += 2;
      continue;
    }
    if (i + 4 > bytes.size()) return std::nullopt;
    const std::size_t size = number_at(bytes, i + 2, 2, false);
    if (size < 2 || i + 2 + size > bytes.size()) return std::nullopt;
    const std::string_view content = bytes.substr(i + 4, size - 2);
    if (marker == 0xe1 && content.starts_with(kExifHead) && turned == 0) {
      turned = orientation_in(content.substr(kExifHead.size()));
    }
    if (is_kept_segment(marker, content)) {
      out += segment(marker, kept_content(marker, content));
      if (marker == 0xe0) turned_at = out.size();
    }
    i += 2 + size;
    if (marker != kSos) continue;
    any_scan = true;
    const std::size_t end = after_coded_data(bytes, i);
    out += bytes.substr(i, end - i);
    i = end;
  }
  if (!any_scan) return std::nullopt;
  out += "\xff\xd9";
  if (turned != 0) out.insert(turned_at, segment(0xe1, std::string(kExifHead) + tiff_of(turned)));
  return out;
}

// --- PNG

std::uint32_t crc_of(std::string_view bytes) {
  std::uint32_t crc = 0xffffffffU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

std::optional<std::string> strip_png(std::string_view bytes) {
  constexpr std::size_t kSignature = 8;
  constexpr std::array<std::string_view, 17> kKept = {"IHDR", "PLTE", "IDAT", "tRNS", "gAMA", "cHRM",
                                                      "sRGB", "iCCP", "cICP", "sBIT", "bKGD", "pHYs",
                                                      "hIST", "sPLT", "acTL", "fcTL", "fdAT"};
  std::string out(bytes.substr(0, kSignature));
  std::size_t turned_at = 0;
  std::uint32_t turned = 0;
  for (std::size_t i = kSignature; i + 12 <= bytes.size();) {
    const std::size_t size = number_at(bytes, i, 4, false);
    if (size > bytes.size() - i - 12) return std::nullopt;
    const std::string_view name = bytes.substr(i + 4, 4);
    if (name == "eXIf") turned = orientation_in(bytes.substr(i + 8, size));
    if (std::find(kKept.begin(), kKept.end(), name) != kKept.end()) out += bytes.substr(i, size + 12);
    if (name == "IHDR") turned_at = out.size();
    if (name == "IEND") {
      if (turned_at == 0) return std::nullopt;
      out += bytes.substr(i, size + 12);
      if (turned == 0) return out;
      const std::string named = "eXIf" + tiff_of(turned);
      const auto length = static_cast<std::uint32_t>(named.size() - 4);
      return out.insert(turned_at, number_of(length, 4, false) + named + number_of(crc_of(named), 4, false));
    }
    i += size + 12;
  }
  return std::nullopt;
}

// --- WebP

std::string webp_chunk(std::string_view name, std::string_view content) {
  std::string out(name);
  out += number_of(static_cast<std::uint32_t>(content.size()), 4, true);
  out += content;
  if (content.size() % 2 != 0) out += '\0';
  return out;
}

std::optional<std::string> strip_webp(std::string_view bytes) {
  constexpr std::size_t kHead = 12;
  constexpr std::size_t kFlagsAt = kHead + 8;
  constexpr unsigned kHasExif = 0x08;
  constexpr unsigned kHasXmp = 0x04;
  constexpr std::array<std::string_view, 7> kKept = {"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"};
  const std::size_t end = std::min<std::size_t>(bytes.size(), 8 + std::size_t{number_at(bytes, 4, 4, true)});
  std::string out(bytes.substr(0, kHead));
  std::uint32_t turned = 0;
  bool extended = false;
  bool any = false;
  for (std::size_t i = kHead; i + 8 <= end;) {
    const std::string_view name = bytes.substr(i, 4);
    const std::size_t size = number_at(bytes, i + 4, 4, true);
    if (size > end - i - 8) return std::nullopt;
    std::string_view content = bytes.substr(i + 8, size);
    if (name == "EXIF") turned = orientation_in(content.starts_with(kExifHead) ? content.substr(6) : content);
    if (std::find(kKept.begin(), kKept.end(), name) != kKept.end()) out += webp_chunk(name, content);
    extended = extended || (name == "VP8X" && i == kHead && size >= 1);
    any = any || name == "VP8 " || name == "VP8L" || name == "ANMF";
    i += 8 + size + size % 2;
  }
  if (!any) return std::nullopt;
  if (extended) {
    const bool turn = turned != 0;
    out[kFlagsAt] = static_cast<char>((byte_at(out, kFlagsAt) & ~(kHasExif | kHasXmp)) | (turn ? kHasExif : 0U));
    if (turn) out += webp_chunk("EXIF", tiff_of(turned));
  }
  return out.replace(4, 4, number_of(static_cast<std::uint32_t>(out.size() - 8), 4, true));
}

// --- sound

// Boxes of tags become free space of the same length, so that no offset moves.
bool free_tags(std::string& bytes, std::size_t from, std::size_t end, int depth) {
  constexpr int kDepthMax = 4;
  while (from + 8 <= end) {
    const std::size_t size = number_at(bytes, from, 4, false);
    const std::string name = bytes.substr(from + 4, 4);
    const std::size_t whole = size == 0 ? end - from : size;
    if (size == 1) {  // a length of 64 bits: only the sound itself is that long
      if (from + 16 > end || number_at(bytes, from + 8, 4, false) != 0) return false;
      const std::size_t length = number_at(bytes, from + 12, 4, false);
      if (length < 16 || length > end - from) return false;
      from += length;
      continue;
    }
    if (whole < 8 || whole > end - from) return false;
    if (name == "udta" || name == "meta" || name == "uuid") {
      bytes.replace(from + 4, 4, "free");
      std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(from + 8),
                bytes.begin() + static_cast<std::ptrdiff_t>(from + whole), '\0');
    } else if ((name == "moov" || name == "trak") && depth < kDepthMax) {
      if (!free_tags(bytes, from + 8, from + whole, depth + 1)) return false;
    }
    from += whole;
  }
  return true;
}

std::optional<std::string> strip_mp4(std::string_view bytes) {
  std::string out(bytes);
  return free_tags(out, 0, out.size(), 0) ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<std::string> strip_mp3(std::string_view bytes) {
  constexpr std::size_t kTagHead = 10;
  constexpr std::size_t kOldTag = 128;
  if (bytes.size() > kOldTag && bytes.substr(bytes.size() - kOldTag).starts_with("TAG")) bytes.remove_suffix(kOldTag);
  while (bytes.starts_with("ID3") && bytes.size() > kTagHead) {
    std::size_t size = kTagHead;
    for (std::size_t shift = 0; shift < 4; ++shift)
      size += std::size_t{byte_at(bytes, 9 - shift) & 0x7fU} << (7 * shift);
    if (size >= bytes.size()) return std::nullopt;
    bytes.remove_prefix(size);
  }
  while (bytes.starts_with('\0')) bytes.remove_prefix(1);  // padding behind a tag
  const bool frame = bytes.size() > 1 && byte_at(bytes, 0) == 0xff && (byte_at(bytes, 1) & 0xe0U) == 0xe0U;
  return frame ? std::optional(std::string(bytes)) : std::nullopt;
}

bool holds_camera_data(std::string_view bytes) {
  constexpr std::array<std::string_view, 10> kMarks = {
      kExifHead, "http://ns.adobe.com/", "eXIf", "EXIF", "XMP ", "tEXt", "iTXt", "zTXt", "GPS", "udta"};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [&](std::string_view mark) { return bytes.find(mark) != std::string_view::npos; });
}

}  // namespace

std::optional<std::string> without_camera_data(std::string_view media, std::string_view bytes) {
  std::optional<std::string> stripped;
  if (media == "image/jpeg") {
    stripped = strip_jpeg(bytes);
  } else if (media == "image/png") {
    stripped = strip_png(bytes);
  } else if (media == "image/webp") {
    stripped = strip_webp(bytes);
  } else if (media == "audio/mp4") {
    stripped = strip_mp4(bytes);
  } else if (media == "audio/mpeg") {
    stripped = strip_mp3(bytes);
  } else {
    return std::string(bytes);
  }
  if (stripped) return stripped;
  return holds_camera_data(bytes) ? std::nullopt : std::optional(std::string(bytes));
}

}  // namespace tingan::api
