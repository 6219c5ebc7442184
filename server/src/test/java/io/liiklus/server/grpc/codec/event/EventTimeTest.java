package io.liiklus.server.grpc.codec.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {

  private static final String RFC_3339 =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)";

  private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST_SECOND = Instant.parse("9999-12-30T00:00:00Z").getEpochSecond();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-04-05T17:31:00Z",
        "2026-04-05t17:31:00z",
        "2026-04-05T17:31:00.123456789012345Z",
        "2026-04-05T17:31:00+02:00",
        "2026-04-05T17:31:00.5-23:59",
        "2026-04-05T17:31:00-00:00",
        "2016-12-31T23:59:60Z",
        "2024-02-29T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z"
      })
  void timeByRfc3339_staysAsItWasSent(String time) {
    assertThat(EventTime.toRfc3339(time)).isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-30T04:26:30.88Z[Etc/UTC],2026-11-30T04:26:30.88Z",
    "2026-11-30T10:15Z,2026-11-30T10:15:00Z",
    "2026-11-30T10:15Z[UTC],2026-11-30T10:15:00Z",
    "2026-11-30T10:15Z[Mars/Olympus],2026-11-30T10:15:00Z",
    "2026-11-30T10:15+02:00[Europe/NewTown],2026-11-30T10:15:00+02:00",
    "2026-11-30T10:15+02:00,2026-11-30T10:15:00+02:00",
    "2026-11-30T10:15+02:00[Europe/Tallinn],2026-11-30T10:15:00+02:00",
    "2026-11-30T10:15:07+02:00[GMT+02:00],2026-11-30T10:15:07+02:00",
    "2026-11-30T10:15:00.000000001-03:00[America/Argentina/ComodRivadavia],"
        + "2026-11-30T10:15:00.000000001-03:00",
    // The offset says which time is meant.
    "2026-11-30T10:15+05:00[Europe/Tallinn],2026-11-30T10:15:00+05:00",
    "1850-01-01T00:00+00:09:21[Europe/Paris],1849-12-31T23:50:39Z",
    "1850-01-01t00:00:07.25-00:01:15,1850-01-01T00:01:22.25Z"
  })
  void timeAsJavaWritesIt_isTheSameMomentByRfc3339(String time, String stored) {
    assertThat(EventTime.toRfc3339(time)).isEqualTo(stored);
  }

  @Test
  void anyTimeOfJava_isTheSameMomentByRfc3339() {
    var random = new Random(20261130);
    var zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    for (int round = 0; round < 20_000; round++) {
      long second = random.nextLong(FIRST_SECOND, LAST_SECOND) / (random.nextBoolean() ? 60 : 1);
      long nanos = random.nextBoolean() ? 0 : random.nextInt(1_000_000_000);
      var zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      var time = Instant.ofEpochSecond(second, nanos).atZone(zone);

      var stored = EventTime.toRfc3339(time.toString());

      assertThat(stored).as("%s", time).isNotNull().matches(RFC_3339);
      assertThat(OffsetDateTime.parse(stored).toInstant()).isEqualTo(time.toInstant());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "noon",
        "2026-04-05",
        "17:31:00Z",
        "2026-04-05T17:31:00",
        "2026-04-05T17:31",
        "2026-04-05T17Z",
        "2026-04-05 17:31:00Z",
        "2026-4-5T17:31:00Z",
        "2026-13-05T17:31:00Z",
        "2026-13-05T17:31Z",
        "2026-00-05T17:31:00Z",
        "2026-02-29T17:31:00Z",
        "2026-02-29T17:31Z[Etc/UTC]",
        "2026-04-31T17:31:00Z",
        "2026-04-00T17:31:00Z",
        "2026-04-05T24:00:00Z",
        "2026-04-05T24:00Z",
        "2026-04-05T17:60:00Z",
        "2026-04-05T17:31:61Z",
        "2026-04-05T17:31:00.Z",
        "2026-04-05T17:31.5Z",
        "2026-04-05T17:31:00,5Z",
        "2026-04-05T17:31:00+02",
        "2026-04-05T17:31+02[Europe/Tallinn]",
        "2026-04-05T17:31:00+0200",
        "2026-04-05T17:31:00+24:00",
        "2026-04-05T17:31:00+02:00:60",
        "2026-04-05T17:31:00+18:00:01",
        "2026-04-05T23:59:60+00:09:21",
        "0000-01-01T00:00+00:09:21",
        "9999-12-31T23:59:59-00:09:21",
        "2026-04-05T17:31:00ZZ",
        " 2026-04-05T17:31:00Z",
        "12026-04-05T17:31:00Z",
        "+12026-04-05T17:31:00Z",
        "-0001-04-05T17:31Z",
        "2026-04-05T17:31:00[Europe/Tallinn]",
        "2026-04-05T17:31:00Z[]",
        "2026-04-05T17:31:00Z[Etc/UTC",
        "2026-04-05T17:31:00ZEtc/UTC",
        "2026-04-05T17:31:00Z[Etc/UTC]x",
        "2026-04-05T17:31:00Z[Etc/UTC][Etc/UTC]",
        "2026-04-05T17:31:00Z [Etc/UTC]",
        "2026-04-05T17:31:00Z[etc utc]",
        "٢٠٢٦-04-05T17:31:00Z"
      })
  void otherText_isNone(String time) {
    assertThat(EventTime.toRfc3339(time)).isNull();
  }

  @Test
  void zoneAsLongAsARequest_isNone() {
    assertThat(EventTime.toRfc3339("2026-04-05T17:31Z[" + "a".repeat(2_000_000) + "]")).isNull();
  }
}
