package io.liiklus.server.quota;

import io.liiklus.api.Settings;
import io.liiklus.server.authorization.Glob;
import io.liiklus.server.authorization.Globs;
import java.util.List;

/**
 * What each of some principals may use of one gateway; 0 is without a limit. Immutable.
 *
 * @param connections how many may be open at once
 * @param sessions how many may be open at once
 */
public record QuotaRule(
    List<Glob> principals,
    long publishBytesPerSecond,
    long receiveBytesPerSecond,
    int connections,
    int sessions) {

  private static final long LEAST_RATE = 1024;
  private static final long MOST_RATE = 1L << 40;

  /** The rules in their order. */
  public static List<QuotaRule> readAll(Settings quotas) {
    return quotas.list("rules").stream().map(QuotaRule::read).toList();
  }

  private static QuotaRule read(Settings rule) {
    return new QuotaRule(
        Globs.required(rule, "principals"),
        rate(rule, "publishBytesPerSecond"),
        rate(rule, "receiveBytesPerSecond"),
        rule.integer("connections", 0, Integer.MAX_VALUE),
        rule.integer("sessions", 0, Integer.MAX_VALUE));
  }

  private static long rate(Settings rule, String key) {
    return rule.text(key).equals("0") ? 0 : rule.bytes(key, LEAST_RATE, MOST_RATE);
  }

  boolean isFor(String principal) {
    return Globs.match(principals, principal);
  }
}
