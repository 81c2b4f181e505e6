// 飞书 (Feishu) custom group robot.
//
// Facts, from Feishu's documentation «自定义机器人使用指南»
// (open.feishu.cn/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN):
//   POST https://open.feishu.cn/open-apis/bot/v2/hook/TOKEN
//   {"timestamp":"SECONDS","sign":...,"msg_type":"interactive","card":{...}}
//   sign = base64 of HMAC-SHA256(key = timestamp + "\n" + secret, message = nothing): the key says all; the timestamp
//   may be an hour off at most 100 messages a minute and 5 a second and robot, fewer at full and half hours (then
//   11232); body at most 20 KB answers are HTTP 200 with {"code":0,"msg":"success"}; 11232 rate, 9499 bad request (form
//   or size), 19001 no such hook, 19021 sign or time wrong, 19022 IP not allowed, 19024 keyword missing, 19036 too long
//   people can be mentioned only by Feishu's own ids, which the organisation file does not know: names stand in the
//   card, and the whole group is mentioned where the option says so
#pragma once
#include <memory>
#include <string>

#include "model/organisation.h"
#include "net/client.h"
#include "ports/clock.h"
#include "ports/sender.h"

namespace tingan::channels {

// `url` with the hook's token, or ending in "/hook/". `secret`: the signing secret where the url has the token; else
// two lines, token and signing secret. Options: `keyword`, `console`, `at_all: danger` (mentions everybody in the group
// for danger that is no drill and not silent). Errors: `channel.bad-config`.
Expected<std::unique_ptr<Sender>> make_feishu(const ChannelConfig& config, const std::string& secret,
                                              net::HttpClient& http, Clock& clock);

std::string feishu_sign(std::int64_t timestamp_s, const std::string& secret);

}  // namespace tingan::channels
