package io.liiklus.server.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.server.authorization.Glob;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QuotasTest {

  private long nowNs;

  private final Quotas quotas =
      new Quotas(
          List.of(rule("anna", 1_024, 2, 1), rule("*-job", 0, 1, 0), rule("anna", 0, 0, 0)),
          () -> nowNs);

  private static QuotaRule rule(String principal, long rate, int connections, int sessions) {
    return new QuotaRule(List.of(new Glob(principal)), rate, rate, connections, sessions);
  }

  @Test
  void firstRule_counts() {
    var anna = quotas.open("anna");
    assertThat(quotas.open("anna")).isSameAs(anna);
    assertThatThrownBy(() -> quotas.open("anna"))
        .isInstanceOf(QuotaException.class)
        .hasMessage(
            "more than 2 connections of principal anna on this gateway are not allowed"
                + " (quotas.rules)");

    quotas.close(anna);

    assertThat(quotas.open("anna")).isSameAs(anna);
    assertThat(quotas.named()).containsOnlyKeys("anna");
  }

  @Test
  void sessions_areCounted() {
    var anna = quotas.open("anna");
    anna.openSession();
    assertThatThrownBy(anna::openSession)
        .hasMessageStartingWith("more than 1 sessions of principal anna");

    anna.closeSession();

    anna.openSession();
    assertThat(anna.sessions()).isEqualTo(1);
  }

  @Test
  void principalWithoutARule_isUnlimited() {
    var other = quotas.open("other");
    assertThat(other).isSameAs(PrincipalQuota.UNLIMITED);
    other.onPublished(Long.MAX_VALUE);
    other.openSession();
    assertThat(other.publishWaitNs()).isZero();
    assertThat(other.sessions()).isZero();
  }

  @Test
  void idlePrincipals_areForgotten() {
    for (int i = 0; i < 100_000; i++) {
      quotas.close(quotas.open(i + "-job"));
    }
    assertThat(quotas.size()).isLessThan(3_000);
  }

  /** Else a new connection would pay it. */
  @Test
  void debt_isNotForgotten() {
    var limited = new Quotas(List.of(rule("*", 1_024, 0, 0)), () -> nowNs);
    var first = limited.open("a");
    first.onPublished(1_000_000);
    limited.close(first);
    for (int i = 0; i < 10_000; i++) {
      limited.close(limited.open("b" + i));
    }

    assertThat(limited.open("a").publishWaitNs()).isGreaterThan(TimeUnit.MINUTES.toNanos(10));
  }
}
