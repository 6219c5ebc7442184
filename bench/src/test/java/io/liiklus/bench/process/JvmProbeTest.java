package io.liiklus.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JvmProbeTest {

  @Test
  void the_heap_in_use_is_that_of_the_first_line() {
    var info =
        """
        4242:
         garbage-first heap   total 393216K, used 31337K [0x0000000540000000, 0x0000000800000000)
          region size 4096K, 3 young (12288K), 1 survivors (4096K)
         Metaspace       used 21058K, committed 21504K, reserved 1114112K
        """;

    assertThat(JvmProbe.usedKb(info)).isEqualTo(31_337);
  }

  @Test
  void fields_of_the_kernels_status_are_found_by_their_name() {
    var status = "Name:\tjava\nVmHWM:\t  999 kB\nVmRSS:\t  123456 kB\nThreads:\t33\n";

    assertThat(JvmProbe.field(status, "VmRSS")).isEqualTo(123_456);
    assertThat(JvmProbe.field(status, "Threads")).isEqualTo(33);
  }
}
