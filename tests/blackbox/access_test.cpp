// Who left stays out of the real binary, also where it dies right after; what touched security is read after a kill -9,
// and the log with it still proves.
#include <gtest/gtest.h>

#include "tests/blackbox/process.h"

namespace tingan::blackbox {
namespace {

std::string kinds_of(const Reply& reply) {
  std::string out;
  if (reply.status != 200) return reply.text;
  for (const auto& item : reply.json.at("items").as_array()) {
    out += text_at(item, "/kind") + " " + text_at(item, "/person") + "\n";
  }
  return out;
}

TEST(Access, WhoWasTakenOutIsOutAlsoAfterAKill) {
  const Folder folder;
  Server first(folder.path(), {"--demo"});
  ASSERT_FALSE(first.address().empty());
  Client admin(first.address());
  Client guide(first.address());
  ASSERT_EQ(admin.sign_in("admin@centre"), 200);
  ASSERT_EQ(guide.sign_in("guide@hall-c"), 200);
  EXPECT_EQ(guide.get("/api/v1/me/steps").status, 200);
  const std::string source = text_at(admin.get("/api/v1/org/source").json, "/yaml");
  ASSERT_EQ(admin.send(net::Method::kDelete, "/api/v1/people/guide@hall-c", "", {}).status, 200);
  EXPECT_EQ(guide.get("/api/v1/me/steps").status, 401);
  first.kill();
  Server second(folder.path(), {"--demo"});
  ASSERT_FALSE(second.address().empty());
  admin.use(second.address());
  guide.use(second.address());
  EXPECT_EQ(guide.get("/api/v1/me/steps").status, 401);
  EXPECT_EQ(admin.post("/api/v1/org/publish", {{"yaml", source}}).status, 200)
      << "signed in less than five minutes ago";
  EXPECT_EQ(guide.get("/api/v1/me/steps").status, 401) << "the name is back, not the person";
}

TEST(Access, WhatTouchedSecurityOutlivesAKillAndTheLogStillProves) {
  const Folder folder;
  std::string before;
  {
    Server server(folder.path(), {"--demo"});
    ASSERT_FALSE(server.address().empty());
    Client clerk(server.address());
    ASSERT_EQ(clerk.sign_in("clerk@hall-a"), 200);
    EXPECT_EQ(clerk.get("/api/v1/people").status, 403);
    EXPECT_EQ(clerk.get("/api/v1/security-events").status, 403);
    Client auditor(server.address());
    ASSERT_EQ(auditor.sign_in("auditor@centre"), 200);
    before = kinds_of(auditor.get("/api/v1/security-events?limit=500"));
    EXPECT_NE(before.find("sign-in clerk@hall-a\n"), std::string::npos) << before;
    EXPECT_NE(before.find("refused clerk@hall-a\n"), std::string::npos) << before;
    EXPECT_EQ(auditor.get("/api/v1/incidents").status, 403);
    server.kill();
  }
  {
    Server server(folder.path(), {"--demo"});
    ASSERT_FALSE(server.address().empty());
    Client auditor(server.address());
    ASSERT_EQ(auditor.sign_in("auditor@centre"), 200);
    const std::string after = kinds_of(auditor.get("/api/v1/security-events?limit=500"));
    EXPECT_TRUE(after.ends_with(before)) << after << "\nbefore:\n" << before;
    EXPECT_EQ(server.stop(), 0);
  }
  const Ran verified = run({"verify", folder.path().string()});
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
}

TEST(Access, FiguresAreReadHereOrWithTheToken) {
  const Folder folder;
  Server server(folder.path(), {"--demo"});
  ASSERT_FALSE(server.address().empty());
  Client nobody(server.address());
  EXPECT_EQ(nobody.get("/metrics").status, 200) << "this machine";
}

}  // namespace
}  // namespace tingan::blackbox
