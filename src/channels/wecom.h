// 企业微信 (WeCom) group robot.
//
// Facts, from WeCom's developer documentation «群机器人配置说明» (developer.work.weixin.qq.com/document/path/91770; the
// older address of the same page is work.weixin.qq.com/api/doc/90000/90136/91770) and the answers that public clients
// quote:
//   POST https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY, the key alone says who may
//   {"msgtype":"text","text":{"content":..., "mentioned_mobile_list":["13800001111","@all"]}}, content at most 2048
//   bytes
//   {"msgtype":"markdown","markdown":{"content":...}}, content at most 4096 bytes, no mentions by mobile number
//   at most 20 messages a minute and robot
//   answers are HTTP 200 with {"errcode":0,"errmsg":"ok"}; -1 busy, 45009 and 45033 too many calls (45009 also is what
//   the 20 a minute give), 93000 the key is wrong or the robot was removed, 40058 wrong or too long content, 40008
//   msgtype, 93004 the robot is no longer in the group, 93008 not in the group
#pragma once
#include <map>
#include <memory>
#include <string>

#include "model/organisation.h"
#include "net/client.h"
#include "ports/clock.h"
#include "ports/sender.h"

namespace tingan::channels {

// `url` with or without `key=`; without it `secret` is the key. Options: `format` text (default: it can mention people)
// or markdown, `console`. Errors: `channel.bad-config`.
Expected<std::unique_ptr<Sender>> make_wecom(const ChannelConfig& config, const std::string& secret,
                                             net::HttpClient& http, Clock& clock);

}  // namespace tingan::channels
