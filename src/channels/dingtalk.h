// 钉钉 (DingTalk) custom group robot.
//
// Facts, from DingTalk's documentation «自定义机器人接入» and «自定义机器人安全设置»
// (open.dingtalk.com/document/robots/ custom-robot-access, .../customize-robot-security-settings) and the answers that
// public clients quote:
//   POST https://oapi.dingtalk.com/robot/send?access_token=TOKEN&timestamp=MILLISECONDS&sign=SIGN
//   sign = percent-encoded base64 of HMAC-SHA256(key = secret, message = timestamp + "\n" + secret); the timestamp may
//   be an hour off
//   {"msgtype":"markdown","markdown":{"title":...,"text":...},"at":{"atMobiles":[...],"isAtAll":false}}; the text must
//   hold
//   "@mobile" for the mention to show
//   at most 20 messages a minute and robot; more, and the robot is silenced for ten minutes
//   answers are HTTP 200 with {"errcode":0,"errmsg":"ok"}; -1 busy, 130101 "send too fast, exceed 20 times per minute",
//   410100 the same in the newer table, 310000 security (keyword, sign, IP list: the words say which), 300001, 300005
//   and 400101 no such token, 400102 robot stopped, 400106 no such robot, 400013 group dissolved, 460101 message too
//   long
//   ("exceed 20000 bytes"), 40035 and 400105 wrong message, 43004 wrong content type
#pragma once
#include <memory>
#include <string>

#include "model/organisation.h"
#include "net/client.h"
#include "ports/clock.h"
#include "ports/sender.h"

namespace tingan::channels {

// `url` with or without `access_token=`. `secret`: the signing secret ("SEC...") where the url has the token; else two
// lines, token and signing secret; a robot without signing has an empty secret, or the token alone. Options: `keyword`
// (added where the text lacks it), `console`. Errors: `channel.bad-config`.
Expected<std::unique_ptr<Sender>> make_dingtalk(const ChannelConfig& config, const std::string& secret,
                                                net::HttpClient& http, Clock& clock);

// As it goes into the query, percent-encoded.
std::string dingtalk_sign(std::int64_t timestamp_ms, const std::string& secret);

}  // namespace tingan::channels
