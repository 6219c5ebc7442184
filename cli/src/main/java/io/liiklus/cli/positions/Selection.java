package io.liiklus.cli.positions;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Options that name topics and groups. Confined to the thread that parses, then to the command. */
final class Selection {

  @Option(
      names = "--topic",
      paramLabel = "GLOB",
      defaultValue = "*",
      converter = GlobConverter.class,
      description = "Topics of these names alone; * and ? stand for others. Default: all")
  private Pattern topic;

  @Option(
      names = "--group",
      paramLabel = "GLOB",
      defaultValue = "*",
      converter = GlobConverter.class,
      description = {
        "Groups of these names alone: all versions of a NAME, or one as NAME-vN. Default: all"
      })
  private Pattern group;

  boolean contains(TopicGroup key) {
    var name = key.group().name();
    return topic.matcher(key.topic()).matches()
        && (group.matcher(name).matches()
            || group.matcher(name + "-v" + key.group().version()).matches());
  }

  /** From text. Immutable. */
  private static final class GlobConverter implements ITypeConverter<Pattern> {
    @Override
    public Pattern convert(String text) {
      var pattern = new StringBuilder();
      text.codePoints()
          .forEach(
              c ->
                  pattern.append(
                      switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(Character.toString(c));
                      }));
      return Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }
  }
}
