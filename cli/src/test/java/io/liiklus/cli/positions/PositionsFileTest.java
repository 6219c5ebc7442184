package io.liiklus.cli.positions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.GroupId;
import io.liiklus.cli.CliException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionsFileTest {

  private static final String HEADER = "{\"format\":\"liiklus-positions\",\"version\":1}\n";

  @Test
  void writtenFile_isReadTheSame() {
    var positions = new PositionsSet();
    positions.add(key("orders", "billing", 0), Map.of(0, 41L, 10, -1L, 2, Long.MAX_VALUE - 1));
    positions.add(key("orders", "x", 2), Map.of(0, 1L));
    positions.add(key("orders", "группа-ε-組-😀\"\\ ", 7), Map.of(Integer.MAX_VALUE, 0L));

    var text = written(positions);

    assertThat(read(text).groups()).isEqualTo(positions.groups());
    assertThat(text)
        .startsWith(
            HEADER
                + "{\"topic\":\"orders\",\"group\":\"billing\",\"version\":0,"
                + "\"positions\":{\"0\":41,\"2\":9223372036854775806,\"10\":-1}}\n");
  }

  @Test
  void versionInTheName_isTheVersion() {
    var read =
        read(HEADER + "{\"group\":\"x-v2\",\"version\":0,\"positions\":{\"0\":1},\"topic\":\"t\"}");

    assertThat(read.groups()).containsOnlyKeys(key("t", "x", 2));
  }

  @Test
  void emptyLinesAndCarriageReturns_arePassedOver() {
    var line = "{\"topic\":\"t\",\"group\":\"g\",\"version\":0,\"positions\":{\"0\":1}}";

    assertThat(read("\r\n" + HEADER + "\n" + line + "\r\n \n").count()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | is not valid JSON: Unexpected end-of-input",
        "[] | is no JSON object",
        "{} {} | has more than one JSON object",
        "{} | topic: is missing",
        "{'topic':7} | topic: 7 is not allowed; a text",
        "{'topic':null} | topic: null is not allowed; a text",
        "{'topic':['t']} | topic: a list is not allowed; a text",
        "{'topic':'a b'} | topic: a b is not allowed; 1 to 249 of A-Z",
        "{'topic':'..'} | topic: .. is not allowed; 1 to 249 of A-Z",
        "{'topic':'t'} | group: is missing",
        "{'topic':'t','group':''} | group:  is not allowed; 1 to 255 bytes of UTF-8",
        "{'topic':'t','group':'a\\u0007'} | group: a? is not allowed; 1 to 255 bytes",
        "{'topic':'t','group':'a\\ud800'} | is not allowed; 1 to 255 bytes",
        "{'topic':'t','group':{}} | group: {} is not allowed; a text",
        "{'topic':'t','group':'g'} | version: is missing",
        "{'topic':'t','group':'g','version':-1} | version: -1 is not allowed; a whole number from 0",
        "{'topic':'t','group':'g','version':1.5} | version: 1.5 is not allowed; a whole number",
        "{'topic':'t','group':'g','version':2147483648} | version: 2147483648 is not allowed",
        "{'topic':'t','group':'g','version':0} | positions: is missing",
        "{'topic':'t','group':'g','version':0,'positions':{}} | positions: at least one partition",
        "{'topic':'t','group':'g','version':0,'positions':[1]} | positions: at least one partition",
        "{'topic':'t','group':'g','version':0,'positions':{'a':1}} | positions.a: is no partition",
        "{'topic':'t','group':'g','version':0,'positions':{'00':1}} | positions.00: is no partition",
        "{'topic':'t','group':'g','version':0,'positions':{'-1':1}} | positions.-1: is no partition",
        "{'topic':'t','group':'g','version':0,'positions':{'0':-2}} | positions.0: -2 is not allowed",
        "{'topic':'t','group':'g','version':0,'positions':{'0':'1'}} | positions.0: 1 is not allowed",
        "{'topic':'t','group':'g','version':0,'positions':{'0':9223372036854775807}} | positions.0: 9",
        "{'topic':'t','group':'g','version':0,'positions':{'0':1,'0':2}} | Duplicate field '0'",
        "{'topic':'t','group':'g','version':0,'positions':{'0':1},'more':1} | more: is no field",
        "{'topic':'t','group':'-v2','version':0,'positions':{'0':1}} | group: -v2 is not allowed",
      })
  void lineThatIsNotRight_isRefusedByItsNumberAndField(String line, String reason) {
    assertThatThrownBy(() -> read(HEADER + "\n" + line.replace('\'', '"') + "\n"))
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith("line 3 of the file: ")
        .hasMessageContaining(reason);
  }

  @Test
  void groupThatStandsTwice_isRefused() {
    var line = "{\"topic\":\"t\",\"group\":\"%s\",\"version\":%d,\"positions\":{\"0\":1}}\n";

    assertThatThrownBy(() -> read(HEADER + line.formatted("x", 2) + line.formatted("x-v2", 0)))
        .hasMessage("line 3 of the file: group: stands in line 2 too, with this topic and version");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'topic':'t'} | line 1 of the file: format: is not liiklus-positions",
        "{'format':'liiklus-positions','version':2} | line 1 of the file: version: is not known",
        "{'format':'liiklus-positions','version':1,'a':1} | line 1 of the file: a: is no field",
        "`` | the file is empty",
      })
  void fileOfAnotherFormat_isRefused(String line, String reason) {
    assertThatThrownBy(() -> read(line.replace('\'', '"'))).hasMessageStartingWith(reason);
  }

  private static TopicGroup key(String topic, String name, int version) {
    return new TopicGroup(topic, new GroupId(name, version));
  }

  private static String written(PositionsSet positions) {
    var out = new ByteArrayOutputStream();
    PositionsFile.write(positions, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static PositionsSet read(String text) {
    var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return PositionsFile.read(in, "the file", key -> true);
  }
}
