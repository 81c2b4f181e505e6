#include "codec/organisation_reader.h"

namespace tingan {

void OrganisationReader::read_shift(const YamlNode& node) {
  Mapping map(problems_, node, {"班次", "a shift"});
  Shift shift;
  shift.line = node.line;
  const Word unit_word = map.word("unit");
  if (!unit_word.text.empty()) shift.unit = unit(unit_word).value_or(UnitId());
  if (const YamlNode* days = map.need("days")) shift.days = read_days(*days);
  const Word from = map.word("from");
  const Word to = map.word("to");
  if (!from.text.empty()) shift.span.from = read_minute(from, false).value_or(0);
  if (!to.text.empty()) shift.span.to = read_minute(to, true).value_or(0);
  shift.on_call = map.flag("on_call");
  read_shift_people(map, shift);
  map.finish();
  organisation_.roster.push_back(std::move(shift));
}

void OrganisationReader::read_shift_people(Mapping& map, Shift& shift) {
  const YamlNode* node = map.need("people");
  if (node == nullptr) return;
  Mapping people(problems_, *node, {"班次的“people”", "'people' of a shift"});
  for (const auto& [key, value] : node->pairs) {
    const auto whom = role({key.text, key.line});
    for (const Word& word : people.words_if(key.text).value_or(std::vector<Word>{})) {
      if (!known_people_.contains(word.text)) {
        problems_.add_unknown(
            "unknown-person",
            {fmt::format("没有编号为“{}”的人", word.text), fmt::format("unknown person '{}'", word.text)}, word.text,
            person_names_, word.line);
      } else if (whom) {
        shift.people[*whom].emplace_back(word.text);
      }
    }
  }
}

void OrganisationReader::read_channel(const YamlNode& node) {
  Mapping map(problems_, node, {"通道", "a channel"});
  ChannelConfig channel;
  channel.line = node.line;
  const Word id = map.word("id");
  if (!id.text.empty() && check_id(problems_, id)) channel.id = ChannelId(id.text);
  for (const ChannelConfig& other : organisation_.channels) {
    if (channel.id.empty() || other.id != channel.id) continue;
    problems_.add("duplicate-id",
                  {fmt::format("有两个通道叫“{}”", id.text),
                   fmt::format("Expected every channel once, but '{}' stands there twice", id.text)},
                  id.line);
  }
  map.need("kind");
  channel.kind = map.choice("kind", {"webhook", "wecom", "dingtalk", "feishu", "smtp"});
  channel.url = map.word("url").text;
  read_secret(map, channel);
  channel.options = strings(map, "options");
  for (const Word& word : map.words_if("units").value_or(std::vector<Word>{})) {
    if (const auto known = unit(word)) channel.units.push_back(*known);
  }
  channel.roles = roles_of(map, "roles");
  channel.screen = map.flag("screen");
  map.finish();
  organisation_.channels.push_back(std::move(channel));
}

// A name, and nothing that this text could choose of the host: whoever may publish an organisation must not be able to
// have a file or a variable of the node sent to an address of his own.
void OrganisationReader::read_secret(Mapping& map, ChannelConfig& channel) {
  const YamlNode* node = map.find("secret");
  if (node == nullptr) return;
  Word name{node->text, node->line};
  if (node->kind == YamlNode::Kind::map) {
    Mapping secret(problems_, *node, {"“secret”", "'secret'"});
    for (const char* key : {"env", "file"}) {
      if (secret.find(key) == nullptr) continue;
      problems_.add(
          "wrong-secret",
          {fmt::format("“secret”不能写 {}：请写密钥的名字，由运维人员在启动时用 --secret 名字=文件 给出", key),
           fmt::format("Expected 'secret' to be a name that the operator gives with --secret NAME=FILE, but it "
                       "names {}",
                       key == std::string_view("env") ? "a variable of the host" : "a file of the host")},
          node->line);
      return;
    }
    name = secret.word("name");
    secret.finish();
  }
  if (!name.text.empty() && check_id(problems_, name)) channel.secret.name = name.text;
}

void OrganisationReader::read_alarm(const YamlNode& node) {
  Mapping map(problems_, node, {"报警来源", "an alarm"});
  AlarmMapping alarm;
  alarm.line = node.line;
  alarm.source = map.word("source").text;
  alarm.match = strings(map, "match");
  read_alarm_unit(map, alarm);
  const Word type = map.word("type");
  if (!type.text.empty() && check_id(problems_, type)) alarm.type = PlanId(type.text);
  if (const YamlNode* facts = map.find("facts")) {
    Mapping settings(problems_, *facts, {"“facts”", "'facts'"});
    for (const auto& [key, value] : facts->pairs) {
      const auto word = settings.word_if(key.text);
      if (word && check_id(problems_, {key.text, key.line}) && check_id(problems_, *word)) {
        alarm.facts.push_back({FactId(key.text), ValueId(word->text)});
      }
    }
  }
  map.need("as");
  alarm.suspicion = map.choice("as", {"declare", "suspicion"}) == "suspicion";
  alarm.confirm_by = roles_of(map, "confirm_by");
  if (alarm.suspicion && alarm.confirm_by.empty()) {
    problems_.add("nobody-confirms",
                  {"疑似报警要写明由谁确认（confirm_by）",
                   "Expected a suspicion to say who confirms it ('confirm_by'), but nobody is named"},
                  map.line_of("as"));
  }
  map.finish();
  organisation_.alarms.push_back(std::move(alarm));
}

void OrganisationReader::read_alarm_unit(Mapping& map, AlarmMapping& alarm) {
  const YamlNode* node = map.need("unit");
  if (node == nullptr) return;
  if (node->kind == YamlNode::Kind::scalar) {
    alarm.unit = unit({node->text, node->line}).value_or(UnitId());
    return;
  }
  Mapping label(problems_, *node, {"报警的“unit”", "'unit' of an alarm"});
  alarm.unit_label = label.word("label").text;
  label.finish();
}

}  // namespace tingan
