package io.liiklus.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {

  @Test
  void line_hasBothMediansAndTheRatioWithItsSpread() {
    var comparison = Comparisons.ofRates(List.of(1_000_000.0, 500_000.0), List.of(2e5, 2e5));

    var table = Table.of(Result.of("receive", "reads", comparison));

    assertThat(table.lines())
        .anySatisfy(
            line ->
                assertThat(line.strip().split(" {2,}"))
                    .containsExactly("records/s", "750,000", "200,000", "0.300 (0.200 to 0.400)"));
  }

  @Test
  void caseWithoutCounterpart_hasTheSpreadOfItsOwnRuns() {
    var comparison =
        Comparison.alone(List.of(Figures.of("start ms", 900), Figures.of("start ms", 1_100)));

    var table = Table.of(Result.of("start", "starts", comparison));

    assertThat(table.lines().map(String::strip))
        .anySatisfy(
            line ->
                assertThat(line.split(" {2,}"))
                    .containsExactly("start ms", "1,000", "900 to 1,100"));
  }

  @Test
  void failedCase_saysWhy() {
    assertThat(Table.of(Result.failed("publish", "writes", "not supported")))
        .isEqualTo("publish: writes\n  not supported\n\n");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.0123, 0.012", "1.234, 1.23", "12.34, 12.3", "123.4, 123", "3, 3"})
  void numbers_haveThreeSignificantDigits(double value, String text) {
    assertThat(Table.number(value)).isEqualTo(text);
  }

  @Test
  void jsonReport_hasEveryRun() {
    var comparison = Comparisons.ofRates(List.of(4.0, 2.0), List.of(1.0, 1.0));
    var out = new StringWriter();

    JsonReport.write(Map.of("pairs", "2"), List.of(Result.of("receive", "reads", comparison)), out);

    assertThat(out.toString().replaceAll("\\s", ""))
        .isEqualTo(
            "{\"settings\":{\"pairs\":\"2\"},\"cases\":[{\"name\":\"receive\",\"what\":\"reads\","
                + "\"figures\":{\"records/s\":{\"bare\":[4.0,2.0],\"ratio\":[0.25,0.5],"
                + "\"gateway\":[1.0,1.0]}}}]}");
  }

  @Test
  void figures_areReadBackFromTheirLine() {
    var figures = Figures.of("records/s", 1234.5).with("p99.9 ms", 7);

    assertThat(Figures.parse(figures.toJson())).isEqualTo(figures);
    assertThat(figures.toJson()).hasLineCount(1);
  }
}
