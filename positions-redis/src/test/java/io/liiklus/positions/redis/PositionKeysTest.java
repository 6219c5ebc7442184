package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.positions.redis.PositionKeys.StoredKey;
import io.liiklus.positions.redis.PositionKeys.TopicGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionKeysTest {

  private final PositionKeys keys = new PositionKeys("p:");

  @Test
  void names_areThoseOfTheOriginal() {
    assertThat(keys.hash("topic", "group", 3)).isEqualTo("p:topic:group:3");
    assertThat(keys.oldHash("topic", "group", "3")).isEqualTo("p:topic:group-v3:0");
  }

  @Test
  void index_neverBeginsWithThePrefix() {
    assertThat(keys.groupsIndex()).isEqualTo("~p:");
    assertThat(keys.versionsIndex("topic", "a:b")).isEqualTo("~p:topic:a:b");
  }

  @ParameterizedTest
  @CsvSource({
    "p:topic:group:0,                topic, group,     0",
    "p:topic:group:2147483647,       topic, group,     2147483647",
    "p:topic:a:b:1,                  topic, a:b,       1",
    "p:topic:::1,                    topic, :,         1",
    "p:topic:1:2:3,                  topic, 1:2,       3",
    "p:topic:group-v2:0,             topic, group,     2",
    "p:topic:group-v02:0,            topic, group,     02",
    "p:topic:group-v0:0,             topic, group,     0",
    "p:topic:a-v1-v2:0,              topic, a-v1,      2",
    "p:topic:a:b-v2:0,               topic, a:b,       2",
    "p:topic:group-v2:1,             topic, group-v2,  1",
    "p:topic:-v2:0,                  topic, -v2,       0",
    "p:topic:group-v2147483647:0,    topic, group,     2147483647",
    "p:topic:group-v2147483648:0,    topic, group-v2147483648,    0",
    "p:topic:group-v99999999999999999999:0, topic, group-v99999999999999999999, 0",
    "p:topic:group-v:0,              topic, group-v,   0",
    "p:topic:group-V2:0,             topic, group-V2,  0",
    "p:topic:group-v-1:0,            topic, group-v-1, 0"
  })
  void key_isReadFromBothEnds(String key, String topic, String name, String digits) {
    assertThat(keys.parse(key)).contains(new StoredKey(topic, name, digits));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p:",
        "p:topic",
        "p:topic:1",
        "p:topic::1",
        "p::group:1",
        "p:topic:group:",
        "p:topic:group:x",
        "p:topic:group:-1",
        "p:topic:group:+1",
        "p:topic:group:01",
        "p:topic:group:2147483648",
        "q:topic:group:1"
      })
  void otherKeys_areNotOurs(String key) {
    assertThat(keys.parse(key)).isEmpty();
  }

  @Test
  void groupName_mayHaveLineBreaks() {
    assertThat(keys.parse("p:topic:a\nb-v3:0")).contains(new StoredKey("topic", "a\nb", "3"));
  }

  @Test
  void indexMembers_areReadBack() {
    assertThat(PositionKeys.parseMember(PositionKeys.member("topic", "a:b")))
        .contains(new TopicGroup("topic", "a:b"));
    assertThat(PositionKeys.parseMember("topic:")).isEmpty();
    assertThat(PositionKeys.parseMember(":group")).isEmpty();
    assertThat(PositionKeys.parseMember("topic")).isEmpty();
  }

  @Test
  void versionZeroOfAnOldName_isAVersionOfTheName() {
    assertThat(PositionKeys.isOldName("group-v3")).isTrue();
    assertThat(PositionKeys.isOldName("group-v2147483648")).isFalse();
  }

  @Test
  void wildcards_areQuotedInThePattern() {
    assertThat(new PositionKeys("a*b?[c]\\d:").pattern()).isEqualTo("a\\*b\\?\\[c\\]\\\\d:*");
  }
}
