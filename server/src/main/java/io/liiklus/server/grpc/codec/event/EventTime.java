package io.liiklus.server.grpc.codec.event;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Time of an event, by RFC 3339 or as Java's {@code ZonedDateTime.toString} writes it. Java leaves
 * out seconds that are 0, gives old offsets seconds of their own, and adds the zone. Immutable.
 */
public final class EventTime {

  /** No name of a zone is as long. */
  private static final int LONGEST_ZONE = 64;

  /** RFC 3339, 5.6: {@code T} and {@code Z} in either case, any fraction, second 60 allowed. */
  private static final Pattern TIME =
      Pattern.compile(
          "(?<minute>(?<year>\\d{4})-(?<month>\\d{2})-(?<day>\\d{2})"
              + "[Tt]([01]\\d|2[0-3]):[0-5]\\d)"
              + "((?<second>:([0-5]\\d|60))(?<fraction>\\.\\d+)?)?"
              + "(?<offset>[Zz]|[+-]([01]\\d|2[0-3]):[0-5]\\d(?<offsetSecond>:[0-5]\\d)?)"
              + "(\\[(?<zone>[A-Za-z0-9~/._+:-]{1,%d})])?".formatted(LONGEST_ZONE));

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");

  private EventTime() {}

  /**
   * The time by RFC 3339: as it was sent, where that is by it already. The offset says which time
   * is meant, so the zone is left out, and need not be one that this JVM knows.
   *
   * @return null where it is no time
   */
  public static String toRfc3339(String time) {
    var parts = TIME.matcher(time);
    if (!parts.matches() || !isDay(parts)) {
      return null;
    }
    if (parts.group("offsetSecond") != null) {
      return inUtc(parts);
    }
    if (parts.group("second") != null && parts.group("zone") == null) {
      return time;
    }
    return parts.group("minute") + second(parts) + fraction(parts) + parts.group("offset");
  }

  private static boolean isDay(Matcher parts) {
    int month = Integer.parseInt(parts.group("month"));
    return month >= 1
        && month <= 12
        && YearMonth.of(Integer.parseInt(parts.group("year")), month)
            .isValidDay(Integer.parseInt(parts.group("day")));
  }

  private static String second(Matcher parts) {
    var second = parts.group("second");
    return second == null ? ":00" : second;
  }

  private static String fraction(Matcher parts) {
    var fraction = parts.group("fraction");
    return fraction == null ? "" : fraction;
  }

  /** The same moment in UTC: RFC 3339 has no offsets with seconds. */
  private static String inUtc(Matcher parts) {
    try {
      var offset = ZoneOffset.of(parts.group("offset"));
      var local =
          LocalDateTime.parse(parts.group("minute").toUpperCase(Locale.ROOT) + second(parts));
      var utc = local.minusSeconds(offset.getTotalSeconds());
      // The day before the first of year 0, or the one behind the last of year 9999.
      boolean isInRange = utc.getYear() >= 0 && utc.getYear() <= 9999;
      return isInRange ? SECONDS.format(utc) + fraction(parts) + "Z" : null;
    } catch (DateTimeException impossible) {
      return null;
    }
  }
}
