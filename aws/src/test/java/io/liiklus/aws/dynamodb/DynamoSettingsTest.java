package io.liiklus.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.MapSettings;
import io.liiklus.aws.dynamodb.DynamoSettings.MissingTable;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DynamoSettingsTest {

  private static MapSettings named() {
    return TestSettings.defaults().with("positionsTable", "positions");
  }

  @Test
  void defaults_needATable() {
    var settings = TestSettings.defaults();
    assertThat(DynamoSettings.read(settings)).isEmpty();
    assertThat(settings.refused())
        .containsExactly("positionsTable: is not set: the name of the table that positions are in");
  }

  @Test
  void table_isEnough() {
    var settings = named();
    var read = DynamoSettings.read(settings).orElseThrow();
    assertThat(settings.refused()).isEmpty();
    assertThat(read.positionsTable()).isEqualTo("positions");
    assertThat(read.groupsTable()).isEqualTo("positions-groups");
    assertThat(read.tables()).isEqualTo(MissingTable.IS_AWAITED);
    assertThat(read.endpoint()).isEmpty();
    assertThat(read.callTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(read.maxPendingCalls()).isEqualTo(10_000);
  }

  @Test
  void keysOfTheOriginal_areKept() {
    var settings =
        named().with("autoCreateTable", "true").with("endpoint", "http://localhost:8000");
    var read = DynamoSettings.read(settings).orElseThrow();
    assertThat(read.tables()).isEqualTo(MissingTable.IS_MADE);
    assertThat(read.readOnly().tables()).isEqualTo(MissingTable.IS_NOT_MADE_YET);
    assertThat(read.endpoint()).hasValue(URI.create("http://localhost:8000"));
  }

  @Test
  void arn_isATable() {
    var arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/positions";
    var read = DynamoSettings.read(named().with("positionsTable", arn)).orElseThrow();
    assertThat(read.positionsTable()).isEqualTo(arn);
    assertThat(read.groupsTable()).isEqualTo(arn + "-groups");
  }

  @ParameterizedTest
  @CsvSource({
    "positionsTable, a b, a b is not allowed; a name of 3 to 255 letters",
    "positionsTable, ab, ab is not allowed; a name of 3 to 255 letters",
    "groupsTable, positions, is the table of dynamodb.positionsTable",
    "region, EU, EU is not allowed; the id of a region",
    "endpoint, localhost:8000, is no URI of a server; http://HOST:PORT",
    "endpoint, ftp://host, is no URI of a server",
    "endpoint, http://user:secret@host, is no URI of a server",
    "callTimeout, 1ms, must be from",
    "maxPendingCalls, 0, must be from"
  })
  void valueThatCannotBeUsed_isRefusedByName(String key, String value, String reason) {
    var settings = named().with(key, value);
    var unused = DynamoSettings.read(settings);
    assertThat(settings.refused()).hasSize(1);
    assertThat(settings.refused().get(0)).startsWith(key + ": " + reason);
  }
}
