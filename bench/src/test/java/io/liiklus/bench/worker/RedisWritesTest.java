package io.liiklus.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisWritesTest {

  @Test
  void writingCommands_areCountedAndOthersAreNot() {
    var info =
        """
        # Commandstats\r
        cmdstat_hset:calls=120,usec=300,usec_per_call=2.50,rejected_calls=0,failed_calls=0\r
        cmdstat_hgetall:calls=7,usec=10,usec_per_call=1.43,rejected_calls=0,failed_calls=0\r
        cmdstat_sadd:calls=3,usec=9,usec_per_call=3.00,rejected_calls=0,failed_calls=0\r
        cmdstat_info:calls=2,usec=99,usec_per_call=49.5,rejected_calls=0,failed_calls=0\r
        """;

    assertThat(RedisWrites.count(info)).isEqualTo(123);
  }
}
