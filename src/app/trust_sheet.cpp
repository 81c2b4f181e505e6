#include "app/trust_sheet.h"

#include "report/pdf/document.h"
#include "report/qr_code.h"

namespace tingan {
namespace {

pdf::Paragraph heading(const std::string& text) {
  return {.text = text, .style = {.size = 13, .bold = true}, .before = 10, .after = 3, .heading = true};
}

pdf::Item line(const std::string& zh, const std::string& en) {
  return {.text = zh, .details = {{.text = en, .grey = 0.35}}, .size = 10.5};
}

// Two halves of a fingerprint, so that the eye can compare them.
std::string in_two_lines(const std::string& fingerprint) {
  constexpr std::size_t kHalf = 48;  // sixteen bytes with their colons
  if (fingerprint.size() <= kHalf) return fingerprint;
  return fingerprint.substr(0, kHalf - 1) + "\n" + fingerprint.substr(kHalf);
}

}  // namespace

Expected<std::string> trust_sheet(const TrustSheet& sheet) {
  auto code = report::qr_code(sheet.address);
  if (!code) return tl::unexpected(code.error());
  pdf::Document document;
  document.title = "手机接入厅安";
  document.author = "Ting'an";
  document.made = sheet.made;
  document.foot = sheet.title;
  auto& blocks = document.blocks;
  blocks.push_back(pdf::Paragraph{.text = "手机接入厅安", .style = {.size = 22, .bold = true}, .after = 2});
  blocks.push_back(pdf::Paragraph{.text = "Bring your phone in: scan, install, trust. Once a phone.",
                                  .style = {.size = 10.5, .grey = 0.35},
                                  .after = 10,
                                  .rule_below = true});
  blocks.push_back(pdf::Modules{.rows = std::move(*code), .side = pdf::mm(52), .after = 6});
  blocks.push_back(pdf::Paragraph{
      .text = sheet.address, .style = {.size = 12, .bold = true, .align = pdf::Align::centre}, .after = 6});
  blocks.push_back(heading("1. 连上营业厅的无线网，扫码打开 / Join the hall's network and scan"));
  blocks.push_back(line("浏览器会提示“连接不安全”，这一次点“高级”“继续访问”",
                        "The browser warns this once: choose Advanced, then continue"));
  blocks.push_back(heading("2. 核对指纹 / Compare the fingerprint (SHA-256)"));
  blocks.push_back(pdf::Paragraph{.text = in_two_lines(sheet.fingerprint), .style = {.size = 10}, .after = 2});
  blocks.push_back(line("页面上的指纹必须和这里一样，不一样就停下，告诉管理员",
                        "The page must show the same; if not, stop and tell the administrator"));
  blocks.push_back(heading("3. 安装证书 / Install the certificate"));
  blocks.push_back(
      line("苹果：下载描述文件，设置→已下载描述文件→安装；再到 通用→关于本机→证书信任设置 打开开关",
           "iPhone: Settings, Profile Downloaded, Install; then General, About, Certificate Trust Settings"));
  blocks.push_back(
      line("安卓：设置→安全→加密与凭据→安装证书→CA 证书，选下载的文件",
           "Android: Settings, Security, Encryption & credentials, Install a certificate, CA certificate"));
  blocks.push_back(line("Windows：双击文件→安装证书→本地计算机→受信任的根证书颁发机构",
                        "Windows: open the file, Install, Local Machine, Trusted Root Certification Authorities"));
  blocks.push_back(heading("4. 重新打开，加到桌面 / Open again and add it to the home screen"));
  blocks.push_back(
      line("地址前不再有警告，就装好了；断网时也能用", "No warning any more: done. It also works offline"));
  return pdf::render(document);
}

}  // namespace tingan
