// How a phone comes to trust the node's own authority: a plain page that works without scripts, and the certificate.
#include <sodium.h>

#include "api/resources.h"
#include "api/service.h"

namespace tingan::api {
namespace {

constexpr std::string_view kStyle = R"(
body { font: 17px/1.6 "Noto Sans SC", "PingFang SC", system-ui, sans-serif; max-width: 36rem; margin: 0 auto; padding: 1.2rem; color: #14202b; background: #fff; }
h1 { font-size: 1.5rem; margin: 0 0 .2rem; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .3rem; }
.en { color: #51606e; font-size: .9rem; display: block; }
code { display: block; overflow-wrap: anywhere; background: #eef2f5; border-radius: .4rem; padding: .7rem; font-size: .95rem; }
a.button { display: block; background: #0b5cad; color: #fff; text-align: center; text-decoration: none; border-radius: .5rem; padding: .9rem; margin: .6rem 0; font-weight: 600; }
a.button:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; }
ol { padding-left: 1.3rem; } li { margin: .3rem 0; }
)";

constexpr std::string_view kPage = R"(<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>手机接入厅安 · Trust this node</title><link rel="stylesheet" href="/trust/style.css"></head><body>
<h1>手机接入厅安</h1><span class="en" lang="en">Let this phone trust the node, once. Then the page opens without a warning and works offline.</span>
<h2>1. 先核对指纹<span class="en" lang="en">Compare the fingerprint with the printed sheet</span></h2>
<code>{fingerprint}</code>
<p>和墙上那张纸不一样，就停下，告诉管理员。<span class="en" lang="en">If it differs from the sheet on the wall, stop and tell the administrator.</span></p>
<h2>2. 下载<span class="en" lang="en">Download</span></h2>
<a class="button" href="/trust/ca.mobileconfig">苹果手机 · iPhone, iPad</a>
<a class="button" href="/trust/ca.crt" download="tingan-ca.crt">安卓、电脑 · Android, Windows, Mac</a>
<h2>3. 安装<span class="en" lang="en">Install</span></h2>
<ol>
<li>苹果：设置 → 已下载描述文件 → 安装；再到 设置 → 通用 → 关于本机 → 证书信任设置，打开“{title}”。<span class="en" lang="en">iOS: Settings → Profile Downloaded → Install; then Settings → General → About → Certificate Trust Settings: switch it on.</span></li>
<li>安卓：设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书，选刚下载的文件。<span class="en" lang="en">Android: Settings → Security → Encryption &amp; credentials → Install a certificate → CA certificate.</span></li>
<li>Windows：打开文件 → 安装证书 → 本地计算机 → 受信任的根证书颁发机构。<span class="en" lang="en">Windows: open the file → Install Certificate → Local Machine → Trusted Root Certification Authorities.</span></li>
</ol>
<h2>4. 回到厅安<span class="en" lang="en">Back to Ting'an</span></h2>
<a class="button" href="/field">打开现场页面 · Open the field page</a>
</body></html>
)";

constexpr std::string_view kProfile = R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadContent</key><array><dict>
<key>PayloadCertificateFileName</key><string>tingan-ca.crt</string>
<key>PayloadContent</key><data>{data}</data>
<key>PayloadDisplayName</key><string>{title}</string>
<key>PayloadIdentifier</key><string>tingan.ca.{id}</string>
<key>PayloadType</key><string>com.apple.security.root</string>
<key>PayloadUUID</key><string>{certificate_uuid}</string>
<key>PayloadVersion</key><integer>1</integer>
</dict></array>
<key>PayloadDisplayName</key><string>厅安 Ting'an</string>
<key>PayloadIdentifier</key><string>tingan.trust.{id}</string>
<key>PayloadRemovalDisallowed</key><false/>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>{profile_uuid}</string>
<key>PayloadVersion</key><integer>1</integer>
</dict></plist>
)";

std::string filled(std::string_view page, std::initializer_list<std::pair<std::string_view, std::string>> values) {
  std::string out(page);
  for (const auto& [name, value] : values) {
    const std::string mark = "{" + std::string(name) + "}";
    for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark, at + value.size())) {
      out.replace(at, mark.size(), value);
    }
  }
  return out;
}

// The titles are ours: letters, digits, spaces, apostrophes.
Expected<void> known(const Service& service) {
  if (!service.options.trust.der.empty()) return {};
  return fail("trust.none", {"本节点没有自己的证书颁发机构：由管理员运行 tingan tls init",
                             "Expected an authority of the node's own, but there is none: run 'tingan tls init'"});
}

net::Response of_type(const char* type, std::string body) {
  net::Response response;
  response.content_type = type;
  response.body = std::move(body);
  return response;
}

std::string base64(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  return text;
}

// The same authority gives the same profile, so that installing it again replaces it.
std::string uuid_from(const std::string& digits, std::size_t at) {
  const std::string hex = digits.substr(at, 32);
  return fmt::format("{}-{}-4{}-8{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(13, 3), hex.substr(17, 3),
                     hex.substr(20, 12));
}

}  // namespace

Expected<net::Response> get_trust_page(Service& service, Call&) {
  if (auto there = known(service); !there) return tl::unexpected(there.error());
  const auto& trust = service.options.trust;
  return of_type("text/html; charset=utf-8",
                 filled(kPage, {{"fingerprint", trust.fingerprint}, {"title", trust.title}}));
}

Expected<net::Response> get_trust_style(Service&, Call&) {
  return of_type("text/css; charset=utf-8", std::string(kStyle));
}

Expected<net::Response> get_authority(Service& service, Call&) {
  if (auto there = known(service); !there) return tl::unexpected(there.error());
  return of_type("application/x-x509-ca-cert", service.options.trust.der);
}

Expected<net::Response> get_authority_profile(Service& service, Call&) {
  if (auto there = known(service); !there) return tl::unexpected(there.error());
  const auto& trust = service.options.trust;
  std::string digits = trust.fingerprint;
  std::erase(digits, ':');
  return of_type("application/x-apple-aspen-config", filled(kProfile, {{"data", base64(trust.der)},
                                                                       {"title", trust.title},
                                                                       {"id", digits.substr(0, 16)},
                                                                       {"certificate_uuid", uuid_from(digits, 0)},
                                                                       {"profile_uuid", uuid_from(digits, 32)}}));
}

}  // namespace tingan::api
