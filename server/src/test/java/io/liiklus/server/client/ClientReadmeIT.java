package io.liiklus.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.gateway.Gateway;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the client's README compile and run as they stand there. */
class ClientReadmeIT {

  private static final Path README = Path.of("..", "client", "README.md");
  private static final Pattern PROGRAM =
      Pattern.compile("```java\n(.*?public final class (\\w+) .*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void programs_doWhatTheySay() throws Exception {
    var programs = programs();
    assertThat(programs.keySet()).containsExactly("Greetings", "Connecting", "Failing");
    try (var gateway = Gateway.start()) {
      var address = "127.0.0.1:" + gateway.port();
      assertThat(run("Greetings", programs.get("Greetings"), address))
          .contains("hello\n")
          .contains("moi\n");
      assertThat(run("Connecting", programs.get("Connecting"), address))
          .isEqualTo("greetings has 1 more\n");
      // Between its lines are those of the log.
      assertThat(run("Failing", programs.get("Failing"), address)).contains("no number: one\n");
    }
  }

  private static Map<String, String> programs() throws Exception {
    var programs = new LinkedHashMap<String, String>();
    var found = PROGRAM.matcher(Files.readString(README));
    while (found.find()) {
      programs.put(found.group(2), found.group(1));
    }
    return programs;
  }

  /** Returns what the program prints. */
  private String run(String name, String program, String address) throws Exception {
    var source = Files.writeString(folder.resolve(name + ".java"), program);
    int failures =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(failures).as(name).isZero();
    var classes = new URL[] {folder.toUri().toURL()};
    var printed = new ByteArrayOutputStream();
    var before = System.out;
    try (var loader = new URLClassLoader(classes)) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      var main = loader.loadClass(name).getMethod("main", String[].class);
      main.invoke(null, (Object) new String[] {address});
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
