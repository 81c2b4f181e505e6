#include "app/connectors.h"

#include <spdlog/spdlog.h>

#include "app/data_root.h"
#include "app/office_desk.h"
#include "channels/back_office_csv.h"
#include "channels/back_office_http.h"
#include "codec/connector_yaml.h"

namespace tingan {
namespace {

Expected<std::unique_ptr<BackOffice>> make_back_office(const ConnectorConfig& config, const Secrets& secrets,
                                                       Clock& clock) {
  if (const auto* csv = std::get_if<CsvConnector>(&config.how)) {
    return channels::make_csv_back_office(config, *csv, clock);
  }
  const auto& http = std::get<HttpConnector>(config.how);
  const auto secret = secrets.find(http.auth.secret);
  if (!secret) return fail(secret.error().code, secret.error().message, config.where);
  return channels::make_http_back_office(config, http, *secret, clock);
}

}  // namespace

Expected<void> add_back_offices(BackOffices& offices, const std::filesystem::path& file, const Secrets& secrets,
                                Clock& wall_clock) {
  const auto text = read_text_file(file);
  if (!text) return tl::unexpected(text.error());
  const auto configs = parse_connectors(*text, shown_path(file));
  if (!configs) {
    for (const Error& error : configs.error()) spdlog::error("{}", to_string(error));
    return tl::unexpected(configs.error().front());
  }
  for (const ConnectorConfig& config : *configs) {
    auto office = make_back_office(config, secrets, wall_clock);
    if (!office) return tl::unexpected(office.error());
    offices.add(config.id, std::move(*office));
  }
  return {};
}

Expected<void> add_demo_office(BackOffices& offices, const std::filesystem::path& books, Clock& wall_clock) {
  constexpr const char* kConnector = "business-system";
  auto desk = OfficeDesk::open({.file = books}, wall_clock);
  if (!desk) return tl::unexpected(desk.error());
  offices.add(kConnector, make_house_office(kConnector, std::move(*desk)));
  return {};
}

}  // namespace tingan
