package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.StorageContext;
import io.liiklus.server.plugins.TestPlugin;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageChoiceTest {

  @TempDir Path home;

  private Start start() {
    return new Start(home);
  }

  @Test
  void defaultStorages_areInSql() {
    var loaded = start().load();
    assertThat(loaded.records().type()).isEqualTo("SQL");
    assertThat(loaded.positions().type()).isEqualTo("SQL");
  }

  @Test
  void urlOfSql_choosesBoth() {
    var loaded = start().arguments("--sql.url=u").load();
    assertThat(loaded.records().type()).isEqualTo("SQL");
    assertThat(loaded.positions().type()).isEqualTo("SQL");
    assertThat(loaded.changed())
        .contains(
            "storage.records.type = SQL (as sql.url is set)",
            "storage.positions.type = SQL (as records are in SQL too)");
  }

  @Test
  void positionsOfSql_areForRecordsElsewhereToo() {
    var loaded =
        start()
            .file("kafka.bootstrapServers = \"b:1\", sql.url = u")
            .arguments("--storage.records.type=KAFKA")
            .load();
    assertThat(loaded.positions().type()).isEqualTo("SQL");
  }

  @Test
  void positionsAlone_areRefusedUnlessTheRecordsAreNamed() {
    var start = start().file("redis.host = h");
    assertThat(start.refusals())
        .containsExactly(
            "storage.records.type: is not set, and positions in REDIS (as redis.host is set) may be"
                + " of other records: groups would skip those of this gateway; keep records in"
                + " KAFKA (set kafka.bootstrapServers), or keep records in SQL (set sql.url), or"
                + " set it to SQL if that is meant");

    var loaded = start.arguments("--storage.records.type=SQL").load();
    assertThat(loaded.records().type()).isEqualTo("SQL");
    assertThat(loaded.positions().type()).isEqualTo("REDIS");
    assertThat(loaded.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis.host = h", "redis.uri = \"redis://h\""})
  void addresses_chooseTheirStorage(String redis) {
    var loaded = start().file("kafka.bootstrapServers = \"b:1\"\n" + redis).load();
    assertThat(loaded.records().type()).isEqualTo("KAFKA");
    assertThat(loaded.positions().type()).isEqualTo("REDIS");
  }

  @Test
  void positionsThatOutliveTheRecords_areRefusedUnlessNamed() {
    var start = start().file("redis.host = h").arguments("--storage.records.type=MEMORY");
    assertThat(start.refusals())
        .containsExactly(
            "storage.positions.type: is not set, and positions in REDIS (as redis.host is set)"
                + " outlive records in MEMORY: after a restart groups would skip new records; keep"
                + " records in KAFKA (set kafka.bootstrapServers), or keep records in SQL (set"
                + " sql.url), or set it to MEMORY to lose positions with the records, or set it to"
                + " REDIS if that is meant");
  }

  @Test
  void positionsThatOutliveTheRecords_areWarnedOfWhereNamed() {
    var start =
        start()
            .file("redis.host = h")
            .arguments("--storage.records.type=MEMORY", "--storage.positions.type=redis");
    assertThat(start.load().records().type()).isEqualTo("MEMORY");
    assertThat(start.load().positions().type()).isEqualTo("REDIS");
    assertThat(start.warnings())
        .containsExactly(
            "storage.positions.type: positions in REDIS outlive records in MEMORY: after a restart"
                + " groups skip new records up to them (from the command line)");
  }

  @Test
  void positionsInMemory_mayBeNamedForRecordsInMemory() {
    var start =
        start()
            .file("redis.host = h")
            .arguments("--storage.records.type=MEMORY", "--storage.positions.type=MEMORY");
    assertThat(start.load().positions().type()).isEqualTo("MEMORY");
    assertThat(start.warnings())
        .containsExactly("redis.host: no effect, as records are in MEMORY and positions in MEMORY");
  }

  @Test
  void storageOfBothWithLastingPositionsAlone_isRefusedUnlessNamed() {
    stream("public boolean isDurable() { return false; }", true);
    assertThat(start().file("stream.url = u").refusals())
        .singleElement(STRING)
        .contains("positions in STREAM (as stream.url is set) outlive records in STREAM");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "redis.port = 7000"})
  void positions_areInKafkaBesideItsRecords_ifNoRedisIsNamed(String more) {
    var loaded = start().file("kafka.bootstrapServers = \"b:1\"\n" + more).load();
    assertThat(loaded.records().type()).isEqualTo("KAFKA");
    assertThat(loaded.positions().type()).isEqualTo("KAFKA");
    assertThat(loaded.changed())
        .contains("storage.positions.type = KAFKA (as records are in KAFKA too)");
  }

  @Test
  void positionsInKafka_areForRecordsElsewhereToo_ifTheyAreAskedFor() {
    var start =
        start().arguments("--storage.records.type=MEMORY", "--storage.positions.type=KAFKA");
    assertThat(start.refusals()).containsExactly("kafka.bootstrapServers: is empty");

    var loaded = start.arguments("--kafka.bootstrapServers=b:1").load();
    assertThat(loaded.records().type()).isEqualTo("MEMORY");
    assertThat(loaded.positions().type()).isEqualTo("KAFKA");
    assertThat(loaded.warnings())
        .singleElement()
        .asString()
        .contains("positions in KAFKA outlive records in MEMORY");
  }

  @Test
  void brokersAlone_areNoReasonToKeepPositionsOfOtherRecordsThere() {
    var loaded =
        start()
            .file("kafka.bootstrapServers = \"b:1\"")
            .arguments("--storage.records.type=MEMORY")
            .load();
    assertThat(loaded.positions().type()).isEqualTo("MEMORY");
  }

  @Test
  void typeOfPositionsThatIsNamed_winsOverRedis() {
    var start = start().file("kafka.bootstrapServers = \"b:1\", redis.host = h");
    for (var type : new String[] {"KAFKA", "MEMORY", "REDIS"}) {
      assertThat(start.arguments("--storage.positions.type=" + type).load().positions().type())
          .isEqualTo(type);
    }
  }

  @Test
  void severalConfiguredStorages_areRefusedByName() {
    stream(true);
    var start = start().file("kafka.bootstrapServers = \"b:1\", redis.host = h, stream.url = u");
    assertThat(start.refusals())
        .containsExactly(
            "storage.records.type: is not set, and several are configured: KAFKA as"
                + " kafka.bootstrapServers is set, STREAM as stream.url is set");
    start.arguments("--storage.records.type=KAFKA");
    assertThat(start.refusals())
        .containsExactly(
            "storage.positions.type: is not set, and several are configured: REDIS as redis.host is"
                + " set, STREAM as stream.url is set");
  }

  @Test
  void positions_areWhereTheRecordsAre_ifNothingElseIsConfigured() {
    stream(true);
    var loaded = start().file("stream.url = u").load();
    assertThat(loaded.records().type()).isEqualTo("STREAM");
    assertThat(loaded.positions().type()).isEqualTo("STREAM");
    assertThat(loaded.changed())
        .contains(
            "storage.records.type = STREAM (as stream.url is set)",
            "storage.positions.type = STREAM (as records are in STREAM too)");
  }

  @Test
  void positions_areInWhatIsConfiguredBesideTheRecords() {
    stream(true);
    var loaded = start().file("stream.url = u, redis.host = h").load();
    assertThat(loaded.records().type()).isEqualTo("STREAM");
    assertThat(loaded.positions().type()).isEqualTo("REDIS");
  }

  @Test
  void positionsThatDoNotLast_areNotChosenForRecordsThatDo() {
    stream(false);
    assertThat(start().file("stream.url = u").refusals())
        .containsExactly(
            "storage.positions.type: is not set, and records of STREAM last: name where positions"
                + " are kept, one of KAFKA, MEMORY, REDIS, SQL, STREAM (MEMORY forgets them at a"
                + " restart, STREAM forgets them at a restart), or set redis.host or redis.uri or"
                + " sql.url or stream.url");
  }

  @Test
  void factoryThatCannotSayWhetherItIsConfigured_isRefused() {
    var members =
        "public void check(Settings s) {} public boolean isConfigured(Settings s) {"
            + " return s.isGiven(\"nokey\"); }";
    var jar = TestPlugin.ofRecords("DEMO", "demo", members).write(home.resolve("plugins/d.jar"));
    assertThat(start().refusals())
        .containsExactly(
            "demo: the storage DEMO from the plugin "
                + jar
                + " could not check its settings: java.lang.IllegalArgumentException: no"
                + " reference.conf has the key demo.nokey");
  }

  /** A plugin that keeps both records and positions. */
  private void stream(boolean arePositionsDurable) {
    stream("", arePositionsDurable);
  }

  private void stream(String ofRecords, boolean arePositionsDurable) {
    var members =
        "public void check(Settings s) {} public java.util.List<String> configuredBy() {"
            + " return java.util.List.of(\"url\"); }";
    TestPlugin.ofRecords("STREAM", "stream", members + ofRecords)
        .source("demo.Positions", POSITIONS.formatted(members, arePositionsDurable))
        .service(PositionsStorageFactory.class, "demo.Positions")
        .file("reference.conf", "stream.url = \"\"")
        .write(home.resolve("plugins/stream.jar"));
  }

  private static final String POSITIONS =
      """
      package demo;

      import io.liiklus.api.*;

      public class Positions implements PositionsStorageFactory {
        public String type() { return "STREAM"; }
        public String settingsRoot() { return "stream"; }
        %s
        public boolean isDurable() { return %s; }
        public PositionsStorage open(Settings settings, StorageContext context) { return null; }
      }
      """;

  @Test
  void namedType_winsOverAddresses() {
    var loaded =
        start()
            .file("kafka.bootstrapServers = \"b:1\", redis.host = h")
            .arguments("--storage.records.type=memory", "--storage.positions.type", "Memory")
            .load();
    assertThat(loaded.records().type()).isEqualTo("MEMORY");
    assertThat(loaded.positions().type()).isEqualTo("MEMORY");
  }

  @Test
  void unknownType_isRefusedNamingTheKnownOnes() {
    var start =
        start().arguments("--storage.records.type=PULSAR", "--storage.positions.type=DYNAMODB");
    assertThat(start.refusals())
        .containsExactly(
            "storage.records.type: there is no storage PULSAR; known are KAFKA, MEMORY, SQL (from"
                + " the command line)",
            "storage.positions.type: there is no storage DYNAMODB; known are KAFKA, MEMORY, REDIS,"
                + " SQL (from the command line)");
  }

  @Test
  void unknownRecordsType_mentionsNoUnnamedPositions() {
    assertThat(start().arguments("--storage.records.type=X").refusals()).hasSize(1);
  }

  @Test
  void chosenStorages_checkTheirSettings() {
    var start =
        start()
            .arguments("--storage.records.type=KAFKA", "--kafka.prefetch=1")
            .arguments("--redis.host=h", "--redis.port=0", "--redis.positionsProperties.prefix=");
    assertThat(start.refusals())
        .containsExactly(
            "kafka.bootstrapServers: is empty",
            "kafka.prefetch: 1 is not allowed; a size from 16 KiB to 1 GiB, as 1048576, 1 MiB or"
                + " 1MB (from the command line)",
            "redis.port: 0 is not allowed; a whole number from 1 to 65535 (from the command line)",
            "redis.positionsProperties.prefix: is empty (from the command line)");
  }

  @Test
  void keysOfOtherStorages_mustExistToo() {
    assertThat(start().arguments("--redis.hots=h", "--kafka.prefetch=x").refusals())
        .containsExactly(
            "redis.hots: unknown key; did you mean redis.host? (from the command line)");
  }

  @Test
  void storageWarning_namesWhereTheValueComesFrom() {
    var start =
        start()
            .variable("kafka_bootstrapServers", "b:1")
            .variable("kafka_properties_acks", "0")
            .variable("redis_host", "h");
    assertThat(start.warnings())
        .containsExactly(
            "kafka.properties.acks: is set by the gateway (from the environment variable"
                + " kafka_properties_acks)");
  }

  @Test
  void chosenStorage_isOpened() {
    try (var records = start().load().openRecords(StorageContext.NONE)) {
      assertThat(records).isNotNull();
    }
  }

  @Test
  void storageThatRefusesASettingWhenOpened_isNotUsed() {
    var loaded =
        start()
            .arguments("--kafka.bootstrapServers=b:1", "--redis.host=h")
            .arguments("--kafka.refuseAtOpen=true")
            .load();
    assertThatThrownBy(() -> loaded.openRecords(StorageContext.NONE))
        .isInstanceOf(SettingsException.class)
        .hasMessage("kafka.refuseAtOpen: is refused late (from the command line)");
  }
}
