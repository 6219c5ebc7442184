package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisRightsTest {

  @ParameterizedTest
  @CsvSource({
    "NOPERM no hset, true",
    "NOAUTH Authentication required., true",
    "WRONGTYPE Operation against a key, false",
    "LOADING Redis is loading, false"
  })
  void refusalOfOneKeysType_isNoMissingRight(String said, boolean isMissing) {
    var failure = RedisFailures.of(new RedisCommandExecutionException(said));
    assertThat(RedisRights.isMissing(failure)).isEqualTo(isMissing);
  }
}
