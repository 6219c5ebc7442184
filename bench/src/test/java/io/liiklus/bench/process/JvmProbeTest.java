package io.liiklus.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JvmProbeTest {

  @Test
  void heapInUse_isTheSumOfAllGenerations() {
    var info =
        """
        4242:
         PSYoungGen      total 76288K, used 1000K [0x0, 0x0, 0x0)
          eden space 65536K, 1% used [0x0,0x0,0x0)
         ParOldGen       total 175104K, used 200K [0x0, 0x0, 0x0)
          object space 175104K, 0% used [0x0,0x0,0x0)
         Metaspace       used 21058K, committed 21504K, reserved 1114112K
        """;

    assertThat(JvmProbe.usedKb(info)).isEqualTo(1_200);
  }

  @Test
  void heapInUse_excludesMetaspace() {
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
  void kernelStatusFields_areFoundByName() {
    var status = "Name:\tjava\nVmHWM:\t  999 kB\nVmRSS:\t  123456 kB\nThreads:\t33\n";

    assertThat(JvmProbe.field(status, "VmRSS")).isEqualTo(123_456);
    assertThat(JvmProbe.field(status, "Threads")).isEqualTo(33);
  }
}
