#include "api/picture_data.h"

#include <gtest/gtest.h>

#include "api/media_type.h"

namespace tingan::api {
namespace {

using namespace std::string_literals;

std::string number(std::uint32_t value, std::size_t size, bool little = false) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[little ? i : size - 1 - i] = static_cast<char>((value >> (8U * i)) & 0xff);
  return out;
}

// IFD0 with how it is turned and a pointer to a GPS block; a place as text behind it.
std::string tiff(std::uint32_t turned, bool little) {
  const auto n = [&](std::uint32_t value, std::size_t size) { return number(value, size, little); };
  return (little ? "II"s : "MM"s) + n(42, 2) + n(8, 4) + n(2, 2) + n(0x0112, 2) + n(3, 2) + n(1, 4) + n(turned, 2) +
         n(0, 2) + n(0x8825, 2) + n(4, 2) + n(1, 4) + n(38, 4) + n(0, 4) + "GPS 30.27N 120.15E";
}

std::string segment(unsigned marker, const std::string& content) {
  return "\xff"s + static_cast<char>(marker) + number(static_cast<std::uint32_t>(content.size() + 2), 2) + content;
}

const std::string kScan = segment(0xda, "\x01\x01\x00\x00\x3f\x00"s) + "coded\xff\0"s + "data\xff\xd0" + "more";

std::string jpeg(const std::string& segments, const std::string& behind = "") {
  return "\xff\xd8"s + segments + segment(0xdb, "tables") + kScan + "\xff\xd9"s + behind;
}

std::string png_chunk(const std::string& name, const std::string& content) {
  return number(static_cast<std::uint32_t>(content.size()), 4) + name + content + "crc.";
}

std::string webp_chunk(const std::string& name, const std::string& content) {
  return name + number(static_cast<std::uint32_t>(content.size()), 4, true) + content +
         (content.size() % 2 != 0 ? "\0"s : ""s);
}

std::string webp(const std::string& chunks) {
  return "RIFF" + number(static_cast<std::uint32_t>(chunks.size() + 4), 4, true) + "WEBP" + chunks;
}

bool says(const std::string& bytes, std::string_view what) { return bytes.find(what) != std::string::npos; }

}  // namespace

TEST(PictureData, AJpegKeepsItsPictureColoursAndTurnAndNothingElse) {
  for (const bool little : {true, false}) {
    const std::string jfif = segment(0xe0, "JFIF\0\1\2\0\0\1\0\1\0\0"s);
    const std::string icc = segment(0xe2, "ICC_PROFILE\0\1\1colours"s);
    const std::string adobe = segment(0xee, "Adobe\0\0\0\0\0\0\1"s);
    const std::string taken =
        jpeg(jfif + segment(0xe1, "Exif\0\0"s + tiff(6, little)) +
                 segment(0xe1, "http://ns.adobe.com/xap/1.0/\0GPSLatitude"s) + icc + segment(0xe2, "MPF\0index"s) +
                 segment(0xed, "Photoshop 3.0 city") + adobe + segment(0xfe, "shot by Li"),
             "second picture GPS");
    const auto kept = without_camera_data("image/jpeg", taken);
    ASSERT_TRUE(kept);
    for (const char* gone : {"GPS", "120.15E", "ns.adobe.com", "MPF", "Photoshop", "shot by", "second"}) {
      EXPECT_FALSE(says(*kept, gone)) << gone;
    }
    EXPECT_TRUE(says(*kept, icc) && says(*kept, adobe) && says(*kept, kScan));
    EXPECT_TRUE(kept->starts_with("\xff\xd8"s + jfif + "\xff\xe1"s));
    EXPECT_TRUE(kept->ends_with("\xff\xd9"));
    EXPECT_TRUE(says(*kept, number(0x0112, 2) + number(3, 2) + number(1, 4) + number(6, 2)));
    EXPECT_EQ(without_camera_data("image/jpeg", *kept), *kept) << "stripping again changes nothing";
  }
}

TEST(PictureData, MetadataBetweenTheScansOfAProgressiveJpegGoesToo) {
  const std::string taken = "\xff\xd8"s + kScan + segment(0xe1, "Exif\0\0GPS"s) + segment(0xc4, "huffman") + kScan +
                            segment(0xfe, "GPS") + "\xff\xd9"s;
  EXPECT_EQ(without_camera_data("image/jpeg", taken),
            "\xff\xd8"s + kScan + segment(0xc4, "huffman") + kScan + "\xff\xd9"s);
}

TEST(PictureData, APngKeepsKnownChunksOnly) {
  const std::string signature = "\x89PNG\r\n\x1a\n"s;
  const std::string head = png_chunk("IHDR", "1234567890123");
  const std::string rest = png_chunk("IDAT", "pixels") + png_chunk("IEND", "");
  const std::string taken = signature + head + png_chunk("tEXt", "Location\0Hangzhou"s) +
                            png_chunk("eXIf", tiff(1, false)) + png_chunk("iTXt", "XML:com.adobe.xmp GPS") +
                            png_chunk("zzZz", "private GPS") + rest + "trailing GPS";
  EXPECT_EQ(without_camera_data("image/png", taken), signature + head + rest);
  const auto turned = without_camera_data("image/png", signature + head + png_chunk("eXIf", tiff(8, true)) + rest);
  ASSERT_TRUE(turned);
  EXPECT_TRUE(says(*turned, "eXIf"));
  EXPECT_FALSE(says(*turned, "GPS"));
  EXPECT_EQ(without_camera_data("image/png", *turned), *turned);
}

TEST(PictureData, AWebpLosesExifAndXmpAndTheirFlags) {
  const std::string extended = webp_chunk("VP8X", "\x0c\0\0\0\1\2\3\4\5\6"s);
  const std::string picture = webp_chunk("VP8 ", "odd");
  const std::string taken = webp(extended + picture + webp_chunk("EXIF", tiff(1, true)) + webp_chunk("XMP ", "GPS"));
  EXPECT_EQ(without_camera_data("image/webp", taken + "GPS behind"),
            webp(webp_chunk("VP8X", "\0\0\0\0\1\2\3\4\5\6"s) + picture));
  const auto turned = without_camera_data("image/webp", webp(extended + picture + webp_chunk("EXIF", tiff(3, true))));
  ASSERT_TRUE(turned);
  EXPECT_EQ((*turned)[20], '\x08');
  EXPECT_FALSE(says(*turned, "GPS"));
  EXPECT_EQ(without_camera_data("image/webp", *turned), *turned);
}

TEST(PictureData, SoundLosesItsTags) {
  const auto box = [](const std::string& name, const std::string& content) {
    return number(static_cast<std::uint32_t>(content.size() + 8), 4) + name + content;
  };
  const std::string taken = box("ftyp", "M4A ") +
                            box("moov", box("mvhd", "head") + box("udta", "\251xyz+30.27+120.15/")) +
                            box("mdat", "sound");
  const auto kept = without_camera_data("audio/mp4", taken);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->size(), taken.size());
  EXPECT_FALSE(says(*kept, "+30.27"));
  EXPECT_TRUE(says(*kept, "sound"));
  EXPECT_EQ(without_camera_data("audio/mpeg", "ID3\4\0\0\0\0\0\4GPS!\xff\xfb sound"s), "\xff\xfb sound"s);
}

// What cannot be followed is kept where there is nothing to hide in it, and not kept where there is.
TEST(PictureData, WhatCannotBeFollowedIsNotKeptWithItsData) {
  EXPECT_EQ(without_camera_data("image/jpeg", "\xff\xd8\xff\xe0 a drawing"s), "\xff\xd8\xff\xe0 a drawing"s);
  EXPECT_EQ(without_camera_data("image/jpeg", "\xff\xd8\xff\xe1\xff\xff"s + "Exif\0\0GPS"s), std::nullopt);
  EXPECT_EQ(without_camera_data("image/png", "\x89PNG\r\n\x1a\n\xff\xff\xff\xff"s + "tEXtGPS"s), std::nullopt);
  EXPECT_EQ(without_camera_data("audio/ogg", "OggS GPS"), "OggS GPS") << "not looked into";
}

// Any prefix of a picture, and any picture with one byte changed, is answered and not read beyond its end.
TEST(PictureData, DamagedPicturesDoNoHarm) {
  const std::string whole = jpeg(segment(0xe1, "Exif\0\0"s + tiff(6, true)));
  const std::string riff = webp(webp_chunk("VP8X", "\x0c\0\0\0\1\2\3\4\5\6"s) + webp_chunk("VP8 ", "odd") +
                                webp_chunk("EXIF", tiff(3, true)));
  for (const auto& [media, bytes] : {std::pair{"image/jpeg", whole}, {"image/webp", riff}}) {
    for (std::size_t n = 12; n < bytes.size(); ++n) (void)without_camera_data(media, bytes.substr(0, n));
    for (std::size_t n = 12; n < bytes.size(); ++n) {
      std::string changed = bytes;
      changed[n] = static_cast<char>(~changed[n]);
      (void)without_camera_data(media, changed);
    }
  }
}

}  // namespace tingan::api
