package io.liiklus.server.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.RecordsStorageFactory;
import io.liiklus.api.StorageContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageFactoriesTest {

  private static final String CHECKS_NOTHING = "public void check(Settings settings) {}";

  @TempDir Path folder;

  private StorageFactories factories;

  @AfterEach
  void close() throws IOException {
    if (factories != null) {
      factories.close();
    }
  }

  private StorageFactories find(Path... jars) {
    factories = StorageFactories.find(new NoServices(), List.of(jars));
    return factories;
  }

  /** The class path of the tests, with all its storages out of sight. */
  private static final class NoServices extends ClassLoader {

    private NoServices() {
      super(StorageFactoriesTest.class.getClassLoader());
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.startsWith("META-INF/services/io.liiklus.")
          ? Collections.emptyEnumeration()
          : super.getResources(name);
    }
  }

  private Path demo(String name, String type, String members) {
    return TestPlugin.ofRecords(type, "demo", members).write(folder.resolve(name));
  }

  /** Whether the demo factory, asked for a class by name, gets it from where it should. */
  private String whereFrom(TestPlugin plugin, String className) {
    plugin.source("demo.Where", WHERE.formatted(className));
    find(plugin.write(folder.resolve("where.jar")));
    assertThat(factories.problems()).isEmpty();
    return factories.records().find("WHERE").orElseThrow().factory().settingsRoot();
  }

  private static final String WHERE =
      """
      package demo;

      class Where {
        static String itComesFrom() {
          try {
            var type = Class.forName("%s");
            return type.getClassLoader() == Where.class.getClassLoader() ? "own" : "shared";
          } catch (ClassNotFoundException failure) {
            return "nowhere";
          }
        }
      }
      """;

  private static TestPlugin wherePlugin() {
    var factory =
        """
        package demo;

        import io.liiklus.api.*;

        public class DemoFactory implements RecordsStorageFactory {
          public String type() { return "WHERE"; }
          public String settingsRoot() { return Where.itComesFrom(); }
          public RecordsStorage open(Settings settings, StorageContext context) { return null; }
          public void check(Settings settings) {}
        }
        """;
    return new TestPlugin()
        .source("demo.DemoFactory", factory)
        .service(RecordsStorageFactory.class, "demo.DemoFactory");
  }

  @Test
  void pluginStorage_isFoundByItsTypeAndWorks() {
    var jar = demo("demo.jar", "DEMO", CHECKS_NOTHING);
    var found = find(jar).records().find("demo").orElseThrow();
    assertThat(found.type()).isEqualTo("DEMO");
    assertThat(found.settingsRoot()).isEqualTo("demo");
    assertThat(found.origin().name()).isEqualTo("the plugin " + jar);
    try (var storage = found.call(factory -> factory.open(null, StorageContext.NONE))) {
      assertThat(storage.endOffsets("t").toCompletableFuture())
          .isCompletedWithValue(Map.of(7, new OffsetRange(0, 42)));
    }
    assertThat(factories.records().types()).containsExactly("DEMO");
    assertThat(factories.positions().types()).isEmpty();
  }

  @Test
  void storagesOfTheClassPath_areFound() {
    factories = StorageFactories.find(StorageFactoriesTest.class.getClassLoader(), List.of());
    assertThat(factories.problems()).isEmpty();
    assertThat(factories.plugins()).isEmpty();
  }

  @Test
  void unknownType_isNotFound() {
    assertThat(find(demo("demo.jar", "DEMO", CHECKS_NOTHING)).records().find("OTHER")).isEmpty();
  }

  @Test
  void plugin_seesItsOwnClassBeforeTheGatewaysOfTheSameName() {
    var name = "io.liiklus.server.plugins.PluginJars";
    var plugin =
        wherePlugin().source(name, "package io.liiklus.server.plugins; class PluginJars {}");
    assertThat(whereFrom(plugin, name)).isEqualTo("own");
  }

  @Test
  void plugin_seesItsOwnLibraryBeforeTheGatewaysOfTheSameName() {
    var name = "com.typesafe.config.Config";
    var plugin = wherePlugin().source(name, "package com.typesafe.config; class Config {}");
    assertThat(whereFrom(plugin, name)).isEqualTo("own");
  }

  @Test
  void plugin_doesNotSeeTheGateway() {
    assertThat(whereFrom(wherePlugin(), "io.liiklus.server.plugins.PluginJars"))
        .isEqualTo("nowhere");
  }

  @Test
  void plugin_doesNotSeeTheLibrariesOfTheGateway() {
    assertThat(whereFrom(wherePlugin(), "com.typesafe.config.Config")).isEqualTo("nowhere");
  }

  @Test
  void plugin_sharesThePortsEvenIfItBringsThem() {
    var name = "io.liiklus.api.Header";
    var plugin = wherePlugin().source(name, "package io.liiklus.api; class Header {}");
    assertThat(whereFrom(plugin, name)).isEqualTo("shared");
  }

  @Test
  void plugin_sharesTheLogging() {
    assertThat(whereFrom(wherePlugin(), "org.slf4j.Logger")).isEqualTo("shared");
  }

  @Test
  void plugin_seesTheJdk() {
    assertThat(whereFrom(wherePlugin(), "java.sql.Driver")).isEqualTo("shared");
  }

  @Test
  void plugins_doNotSeeEachOther() {
    var one = demo("one.jar", "ONE", CHECKS_NOTHING);
    var two = demo("two.jar", "TWO", CHECKS_NOTHING);
    find(one, two);
    assertThat(factories.records().types()).containsExactly("ONE", "TWO");
    assertThat(factories.records().find("ONE").orElseThrow().factory().getClass())
        .isNotEqualTo(factories.records().find("TWO").orElseThrow().factory().getClass());
  }

  @Test
  void factory_runsWithItsOwnLoaderAsTheThreads() {
    find(demo("demo.jar", "DEMO", CHECKS_NOTHING));
    var found = factories.records().find("DEMO").orElseThrow();
    var before = Thread.currentThread().getContextClassLoader();
    assertThat(found.<ClassLoader>call(any -> Thread.currentThread().getContextClassLoader()))
        .isSameAs(found.factory().getClass().getClassLoader());
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  @Test
  void pluginFiles_areRead() throws IOException {
    var jar =
        TestPlugin.ofRecords("DEMO", "demo", CHECKS_NOTHING)
            .file("reference.conf", "demo.a = ä")
            .write(folder.resolve("demo.jar"));
    var plugin = find(jar).plugins().get(0);
    assertThat(plugin.settingsRoots()).containsExactly("demo");
    assertThat(plugin.open("missing.conf")).isEmpty();
    try (var reader = new BufferedReader(plugin.open("reference.conf").orElseThrow())) {
      assertThat(reader.readLine()).isEqualTo("demo.a = ä");
    }
  }

  @Test
  void duplicateType_isAProblem() {
    var one = demo("one.jar", "DEMO", CHECKS_NOTHING);
    var two = demo("two.jar", "demo", CHECKS_NOTHING);
    assertThat(find(one, two).problems())
        .containsExactly(
            "the records storage DEMO is there twice: from the plugin "
                + one
                + " and from the plugin "
                + two);
  }

  @Test
  void fileThatIsNoJar_isAProblem() throws IOException {
    var file = Files.writeString(folder.resolve("no.jar"), "no");
    assertThat(find(file).problems())
        .singleElement()
        .asString()
        .startsWith("plugin " + file + " is not a readable jar: ");
  }

  @Test
  void linkToAFileThatIsGone_isAProblem() throws IOException {
    var link = Files.createSymbolicLink(folder.resolve("no.jar"), Path.of("gone.jar"));
    assertThat(find(link).problems())
        .containsExactly("plugin " + link + " is a link to a file that is not there");
  }

  @Test
  void jarWithNothingForTheGateway_isAProblem() {
    var jar = new TestPlugin().file("a.txt", "a").write(folder.resolve("no.jar"));
    assertThat(find(jar).problems())
        .containsExactly(
            "plugin "
                + jar
                + " holds no storage, no processor and no authorizer: it names none in"
                + " META-INF/services/io.liiklus.api.RecordsStorageFactory,"
                + " META-INF/services/io.liiklus.api.PositionsStorageFactory,"
                + " META-INF/services/io.liiklus.api.RecordPreProcessor or"
                + " META-INF/services/io.liiklus.api.RecordPostProcessor,"
                + " META-INF/services/io.liiklus.api.Authorizer");
  }

  @Test
  void missingFactory_isAProblem() {
    var jar =
        new TestPlugin()
            .service(PositionsStorageFactory.class, "demo.Missing")
            .write(folder.resolve("no.jar"));
    assertThat(find(jar).problems())
        .singleElement()
        .asString()
        .startsWith("the plugin " + jar + " has a broken positions storage: ")
        .contains("demo.Missing");
  }

  @Test
  void factoryOfTheGatewayOnly_doesNotCount() {
    var jar =
        new TestPlugin()
            .service(RecordsStorageFactory.class, StorageFactoriesTest.class.getName())
            .write(folder.resolve("no.jar"));
    assertThat(find(jar).problems())
        .singleElement()
        .asString()
        .startsWith("the plugin " + jar + " has a broken records storage: ");
  }

  @Test
  void failingFactory_isAProblemAndTheNextPluginIsFound() {
    var constructor = "public DemoFactory() { throw new IllegalStateException(\"no luck\"); }";
    var bad = demo("bad.jar", "BAD", constructor + CHECKS_NOTHING);
    var good = demo("good.jar", "GOOD", CHECKS_NOTHING);
    assertThat(find(bad, good).problems())
        .singleElement()
        .asString()
        .startsWith("the plugin " + bad + " has a broken records storage: ")
        .contains("no luck");
    assertThat(factories.records().types()).containsExactly("GOOD");
  }

  @Test
  void factoryWithoutType_isAProblem() {
    var jar = demo("demo.jar", " ", CHECKS_NOTHING);
    assertThat(find(jar).problems())
        .containsExactly(
            "the plugin "
                + jar
                + " has a records storage without a type or a settings root: demo.DemoFactory");
  }
}
