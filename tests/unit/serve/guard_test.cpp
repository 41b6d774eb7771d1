// SPDX-License-Identifier: Apache-2.0
#include "serve/guard.hpp"

#include <gtest/gtest.h>

namespace coley::serve {
namespace {

Knock knock() { return {"GET", "/api/info", "127.0.0.1:80", "", "", "Bearer secret", "", ""}; }

TEST(Guard, LetsInWhoHasTheSecretAndComesFromHere) {
  Guard guard("secret", 80, false);
  for (const char* host : {"127.0.0.1:80", "localhost:80", "[::1]:80", "localhost"}) {
    Knock one = knock();
    one.host = host;
    EXPECT_EQ(guard.judge(one).status, 0) << host;
    one.origin = "http://" + one.host;
    EXPECT_EQ(guard.judge(one).status, 0) << host;
  }
}

TEST(Guard, RefusesOtherNamesOriginsAndSecrets) {
  Guard guard("secret", 8570, false);
  const auto status = [&](auto change) {
    Knock one = knock();
    one.host = "localhost:8570";
    change(one);
    return guard.judge(one).status;
  };
  EXPECT_EQ(status([](Knock& k) { k.host = "localhost:80"; }), 403);
  EXPECT_EQ(status([](Knock& k) { k.host = ""; }), 403);
  EXPECT_EQ(status([](Knock& k) { k.host = "localhost.evil.example:8570"; }), 403);
  EXPECT_EQ(status([](Knock& k) { k.origin = "https://localhost:8570"; }), 403);
  EXPECT_EQ(status([](Knock& k) { k.site = "cross-site"; }), 403);
  EXPECT_EQ(status([](Knock& k) { k.authorization = ""; }), 401);
  EXPECT_EQ(status([](Knock& k) { k.authorization = "Bearer secre"; }), 401);
  EXPECT_EQ(status([](Knock& k) { k.authorization = "Bearer secretsecret"; }), 401);
  EXPECT_EQ(status([](Knock& k) { k.authorization = "secret"; }), 401);
  EXPECT_EQ(status([](Knock& k) { k.method = "POST"; }), 411);
  EXPECT_EQ(status([](Knock& k) { k.method = "POST"; k.length = "2"; }), 415);
  EXPECT_EQ(status([](Knock& k) { k.path = "/"; k.method = "POST"; }), 405);
  EXPECT_EQ(status([](Knock& k) { k.path = "/app.js"; k.authorization = ""; }), 0);
}

TEST(Guard, ManyWrongPasswordsShutTheDoorToOthersOnly) {
  Guard open("password", 1, true), local("secret", 80, false);
  Knock wrong = knock();
  wrong.authorization = "Bearer guess";
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(open.judge(wrong).status, 401);
    EXPECT_EQ(local.judge(wrong).status, 401);
  }
  EXPECT_EQ(open.judge(wrong).status, 429);
  EXPECT_EQ(local.judge(knock()).status, 0);
}

TEST(Guard, TokensDiffer) {
  EXPECT_EQ(new_token().size(), 32U);
  EXPECT_NE(new_token(), new_token());
}

}  // namespace
}  // namespace coley::serve
