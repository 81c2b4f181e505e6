#include "codec/heads_json.h"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "codec/describe_json.h"
#include "codec/record_json.h"

namespace tingan {
namespace {

namespace json = boost::json;

tl::unexpected<Error> malformed(std::string_view why) {
  return fail("log.malformed",
              {fmt::format("签名头不完整：{}", why), fmt::format("Expected signed heads, but {}", why)});
}

bool read_head(const json::value& from, HeadMark& to) {
  JsonProblem ignored;
  const json::object* object = from.if_object();
  if (object == nullptr) return false;
  const json::value* unit = object->if_contains("unit");
  const json::value* seq = object->if_contains("seq");
  const json::value* hash = object->if_contains("hash");
  std::string hex;
  if (unit == nullptr || seq == nullptr || hash == nullptr || !read_json(*unit, to.unit, ignored) ||
      !read_json(*seq, to.seq, ignored) || !read_json(*hash, hex, ignored)) {
    return false;
  }
  const auto parsed = parse_hash(hex);
  if (parsed) to.hash = *parsed;
  return parsed.has_value();
}

Expected<SignedHeads> parse(std::string_view bytes) {
  json::error_code error;
  const json::value parsed = json::parse({bytes.data(), bytes.size()}, error);
  if (error) return malformed(error.message());
  const json::object* object = parsed.if_object();
  const json::value* gseq = object == nullptr ? nullptr : object->if_contains("gseq");
  const json::value* heads = object == nullptr ? nullptr : object->if_contains("heads");
  if (gseq == nullptr || heads == nullptr || !gseq->is_array() || !heads->is_array() || gseq->get_array().size() != 2) {
    return malformed("gseq / heads");
  }
  SignedHeads result;
  JsonProblem ignored;
  if (!read_json(gseq->get_array()[0], result.first_gseq, ignored) ||
      !read_json(gseq->get_array()[1], result.last_gseq, ignored)) {
    return malformed("gseq");
  }
  for (const json::value& item : heads->get_array()) {
    if (!read_head(item, result.heads.emplace_back())) return malformed("heads");
  }
  return result;
}

}  // namespace

std::string encode_signed_heads(SignedHeads heads) {
  std::sort(heads.heads.begin(), heads.heads.end(), [](const auto& a, const auto& b) { return a.unit < b.unit; });
  JsonWriter out;
  out.raw("{\"gseq\":[");
  out.integer(heads.first_gseq);
  out.comma();
  out.integer(heads.last_gseq);
  out.raw("],\"heads\":[");
  for (const HeadMark& head : heads.heads) {
    out.raw("{\"unit\":");
    out.string(head.unit.str());
    out.raw(",\"seq\":");
    out.integer(head.seq);
    out.raw(",\"hash\":");
    out.hex(head.hash.data(), head.hash.size());
    out.raw("},");
  }
  out.close(']');
  out.character('}');
  return std::string(out.view());
}

Expected<SignedHeads> decode_signed_heads(std::string_view bytes) {
  Expected<SignedHeads> heads;
  try {
    heads = parse(bytes);
  } catch (const std::exception& problem) {
    return malformed(problem.what());
  }
  if (heads && encode_signed_heads(*heads) != bytes) {
    return fail("log.not-canonical", {"签名头不是规范形式", "Expected signed heads in canonical form"});
  }
  return heads;
}

}  // namespace tingan
