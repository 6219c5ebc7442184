package io.liiklus.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

class CachedCredentialsTest {

  private Instant now = Instant.EPOCH;
  private int looks;
  private RuntimeException failure;

  private final CachedCredentials credentials =
      new CachedCredentials(
          this::look, new TestClock(), () -> Duration.between(Instant.EPOCH, now).toNanos());

  private AwsCredentials look() {
    looks++;
    if (failure != null) {
      throw failure;
    }
    return AwsSessionCredentials.builder()
        .accessKeyId("key-" + looks)
        .secretAccessKey("secret")
        .sessionToken("token")
        .expirationTime(now.plusSeconds(60))
        .build();
  }

  private final class TestClock extends Clock {

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void credentials_areValidUntilTheyExpire() {
    assertThat(credentials.areValid()).isFalse();
    credentials.renew();
    assertThat(credentials.areValid()).isTrue();
    assertThat(credentials.areDue()).isFalse();
    now = now.plus(CachedCredentials.DUE);
    assertThat(credentials.areValid()).isTrue();
    assertThat(credentials.areDue()).isTrue();
    now = now.plusSeconds(60);
    assertThat(credentials.areValid()).isFalse();
    credentials.renew();
    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("key-2");
    assertThat(credentials.areValid()).isTrue();
  }

  @Test
  void failedRenewal_countsOnceTheLastOnesHaveExpired() {
    credentials.renew();
    failure = new IllegalStateException("no answer");
    now = now.plusSeconds(30);
    credentials.renew();
    assertThat(credentials.areValid()).isTrue();
    assertThat(credentials.areDue()).isFalse();
    now = now.plusSeconds(30);
    assertThatThrownBy(credentials::renew)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("no answer");
  }

  @Test
  void refusedCredentials_countNoMore() {
    credentials.renew();
    credentials.expire();
    assertThat(credentials.areValid()).isFalse();
    assertThatThrownBy(credentials::resolveCredentials).isInstanceOf(StorageException.class);
  }
}
