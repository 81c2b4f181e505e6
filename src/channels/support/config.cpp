#include "channels/support/config.h"

#include <algorithm>
#include <vector>

#include "base/suggest.h"
#include "net/url.h"

namespace tingan::channels {

tl::unexpected<Error> bad_config(const ChannelConfig& config, Text text) {
  return fail("channel.bad-config", std::move(text), "channels." + config.id.str());
}

Expected<void> check_options(const ChannelConfig& config, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : config.options) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = closest_word(name, std::vector<std::string>(known.begin(), known.end()));
    return bad_config(config,
                      {"没有 " + name + " 这个选项", "Expected a known option, but '" + name + "' is none" +
                                                         (near.empty() ? "" : "; did you mean '" + near + "'?")});
  }
  return {};
}

std::string option(const ChannelConfig& config, const std::string& name, const std::string& otherwise) {
  const auto found = config.options.find(name);
  return found == config.options.end() ? otherwise : found->second;
}

bool has_query(const std::string& url, std::string_view name) {
  const std::size_t mark = url.find('?');
  if (mark == std::string::npos) return false;
  const auto query = net::parse_query(std::string_view(url).substr(mark + 1));
  if (!query) return false;
  return std::any_of(query->begin(), query->end(),
                     [&](const auto& pair) { return pair.first == name && !pair.second.empty(); });
}

Expected<void> check_url(const ChannelConfig& config) {
  if (net::parse_url(config.url)) return {};
  return bad_config(config, {"url 应为 http 或 https 地址", "Expected an http or https address, but the url is none"});
}

Expected<std::string> with_token(const ChannelConfig& config, const std::string& name, const std::string& token) {
  if (const auto good = check_url(config); !good) return tl::unexpected(good.error());
  if (has_query(config.url, name)) return config.url;
  if (token.empty()) {
    return bad_config(config, {"url 里和 secret 里都没有 " + name,
                               "Expected " + name + " in the url or in the secret, but it is in neither"});
  }
  const char* const joint = config.url.find('?') == std::string::npos ? "?" : "&";
  return config.url + joint + name + "=" + net::percent_encode(token);
}

}  // namespace tingan::channels
