package io.liiklus.server.grpc.codec.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

  @Test
  void shrunkInput_keepsWhatTheFailureNeeds() {
    var input = new byte[5_000];
    new Random(1).nextBytes(input);
    input[1_234] = 'a';
    input[3_210] = 'b';

    var smallest = Shrinker.shrink(input, bytes -> text(bytes).matches("(?s).*a.*b.*"));

    assertThat(text(smallest)).isEqualTo("ab");
  }

  @Test
  void failureThatNeedsNothing_shrinksToNothing() {
    assertThat(Shrinker.shrink(new byte[] {1, 2, 3}, bytes -> true)).isEmpty();
    assertThat(Shrinker.shrink(new byte[0], bytes -> true)).isEmpty();
  }

  @Test
  void tries_areBounded() {
    var tries = new AtomicInteger();

    var smallest = Shrinker.shrink(new byte[30_000], bytes -> tries.incrementAndGet() < 0);

    assertThat(smallest).hasSize(30_000);
    assertThat(tries).hasValueLessThanOrEqualTo(Shrinker.MOST_TRIES);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
