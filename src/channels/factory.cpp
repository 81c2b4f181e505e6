#include "channels/factory.h"

#include "channels/dingtalk.h"
#include "channels/feishu.h"
#include "channels/smtp.h"
#include "channels/webhook.h"
#include "channels/wecom.h"

namespace tingan::channels {

Expected<std::unique_ptr<Sender>> make_sender(const ChannelConfig& config, const Means& means) {
  if (const auto allowed = means.reach.check(config); !allowed) return tl::unexpected(allowed.error());
  if (config.kind == "webhook") return make_webhook(config, means.secret, means.http, means.clock);
  if (config.kind == "wecom") return make_wecom(config, means.secret, means.http, means.clock);
  if (config.kind == "dingtalk") return make_dingtalk(config, means.secret, means.http, means.clock);
  if (config.kind == "feishu") return make_feishu(config, means.secret, means.http, means.clock);
  if (config.kind == "smtp") return make_smtp(config, {means.secret, means.ca_file, &means.reach}, means.clock);
  return fail("channel.unknown-kind",
              {"没有这种通道", "Expected a known kind of channel, but '" + config.kind + "' is none"},
              "channels." + config.id.str());
}

}  // namespace tingan::channels
