#include "app/secrets.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "store/temporary_folder.h"

namespace tingan {
namespace {

class SecretsTest : public testing::Test {
 protected:
  std::string put(const std::string& name, const std::string& text) {
    const auto path = folder_.path() / name;
    EXPECT_TRUE(write_private_file(path, text));
    return path.string();
  }
  static SecretRef named(const std::string& name) { return {{}, {}, name}; }

  TemporaryFolder folder_;
};

TEST_F(SecretsTest, ANameLeadsToWhatTheOperatorGave) {
  const auto secrets = Secrets::read({"robot=" + put("somewhere.txt", "token\nsigning\n")}, {});
  ASSERT_TRUE(secrets) << to_string(secrets.error());
  EXPECT_EQ(*secrets->find(named("robot")), "token\nsigning");  // a robot's secret has two lines
  EXPECT_EQ(secrets->find(named("other")).error().code, "channel.no-secret");
  EXPECT_EQ(*secrets->find({}), "");
}

TEST_F(SecretsTest, AFolderGivesEachFileUnderItsNameAndNothingBesideIt) {
  put("outside", "not yours");
  std::filesystem::create_directory(folder_.path() / "secrets");
  put("secrets/mail", "password\r\n");
  const auto secrets = Secrets::read({}, folder_.path() / "secrets");
  ASSERT_TRUE(secrets);
  EXPECT_EQ(*secrets->find(named("mail")), "password");
  for (const char* name : {"../outside", "..", ".", "", "mail/", "/etc/hostname", "absent"}) {
    const auto found = secrets->file(name);
    EXPECT_FALSE(found) << name;
  }
}

TEST_F(SecretsTest, WhatTheOperatorMistypedIsSaid) {
  for (const char* wrong : {"robot", "=file", "robot=", "a b=file", "../x=file"}) {
    const auto secrets = Secrets::read({wrong}, {});
    ASSERT_FALSE(secrets) << wrong;
    EXPECT_EQ(secrets.error().code, "serve.wrong-use") << wrong;
  }
  EXPECT_FALSE(Secrets::read({"a=1", "a=2"}, {}));
  EXPECT_FALSE(Secrets::read({}, folder_.path() / "none"));
}

}  // namespace
}  // namespace tingan
