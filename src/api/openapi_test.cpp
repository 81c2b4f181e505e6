// The description and the table of routes say the same.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

TEST(OpenApi, EveryRouteIsDescribedAndEveryDescriptionIsARoute) {
  const json::value document = json::parse(embedded_file("openapi.json"));
  std::set<std::string> described;
  for (const auto& [path, item] : document.at("paths").as_object()) {
    for (const auto& [verb, operation] : item.as_object())
      described.insert(std::string(verb) + " " + std::string(path));
  }
  std::set<std::string> routed;
  for (const Route& route : routes()) {
    std::string verb(net::to_string(route.method));
    std::transform(verb.begin(), verb.end(), verb.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    routed.insert(verb + " " + std::string(route.pattern));
  }
  EXPECT_EQ(described, routed);
}

TEST(OpenApi, EveryReferenceLeadsSomewhereAndPathParametersAreDeclared) {
  const json::value document = json::parse(embedded_file("openapi.json"));
  const std::function<void(const json::value&)> walk = [&](const json::value& value) {
    if (value.is_array()) {
      for (const auto& one : value.as_array()) walk(one);
    } else if (value.is_object()) {
      for (const auto& [key, member] : value.as_object()) {
        if (key == "$ref") {
          boost::system::error_code ec;
          EXPECT_NE(document.find_pointer(std::string_view(member.as_string()).substr(1), ec), nullptr)
              << member.as_string();
        }
        walk(member);
      }
    }
  };
  walk(document);
  std::set<std::string> operations;
  for (const auto& [path, item] : document.at("paths").as_object()) {
    for (const auto& [verb, operation] : item.as_object()) {
      const std::string id(operation.at("operationId").as_string());
      EXPECT_TRUE(operations.insert(id).second) << id;
      std::size_t open = 0;
      while ((open = std::string_view(path).find('{', open)) != std::string_view::npos) {
        const auto end = std::string_view(path).find('}', open);
        const std::string name(std::string_view(path).substr(open + 1, end - open - 1));
        const auto& parameters = operation.at("parameters").as_array();
        EXPECT_TRUE(std::any_of(parameters.begin(), parameters.end(), [&](const json::value& one) {
          const auto* in = one.as_object().if_contains("in");
          return in != nullptr && in->as_string() == "path" && one.at("name").as_string() == std::string_view(name);
        })) << path;
        open = end;
      }
    }
  }
}

TEST(OpenApi, IsServedToAnybody) {
  World world;
  const Reply reply = world.send(Method::kGet, "/api/openapi.json");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.text("/openapi"), "3.1.0");
}

}  // namespace
}  // namespace tingan::api
