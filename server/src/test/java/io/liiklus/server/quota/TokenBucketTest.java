package io.liiklus.server.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /** Near the end of its range, which it passes. */
  private long nowNs = Long.MAX_VALUE - SECOND_NS;

  private final TokenBucket bucket = new TokenBucket(1_000, () -> nowNs);

  @Test
  void fullBucket_letsABurstPass() {
    bucket.take(1_000);
    assertThat(bucket.waitNs()).isZero();

    bucket.take(1);

    assertThat(bucket.waitNs()).isEqualTo(SECOND_NS / 1_000);
  }

  @Test
  void debt_isPaidByTheRate() {
    bucket.take(11_000);
    assertThat(bucket.waitNs()).isEqualTo(10 * SECOND_NS);

    nowNs += 9 * SECOND_NS;
    assertThat(bucket.waitNs()).isEqualTo(SECOND_NS);

    nowNs += SECOND_NS;
    assertThat(bucket.waitNs()).isZero();
  }

  @Test
  void rest_fillsNoMoreThanABurst() {
    bucket.take(5_000);
    nowNs += 100 * SECOND_NS;
    assertThat(bucket.isFull()).isTrue();

    bucket.take(2_000);

    assertThat(bucket.waitNs()).isEqualTo(SECOND_NS);
    assertThat(bucket.isFull()).isFalse();
  }

  @Test
  void steadyUse_getsTheRate() {
    long taken = 0;
    for (int i = 0; i < 100_000; i++) {
      if (bucket.waitNs() == 0) {
        bucket.take(7);
        taken += 7;
      }
      nowNs += TimeUnit.MILLISECONDS.toNanos(1);
    }
    // 100 s, and what was there at first.
    assertThat(taken).isBetween(100_900L, 101_100L);
  }

  @Test
  void unlimitedBucket_neverWaits() {
    TokenBucket.UNLIMITED.take(Long.MAX_VALUE);
    assertThat(TokenBucket.UNLIMITED.waitNs()).isZero();
  }
}
