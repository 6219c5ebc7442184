package io.liiklus.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Dependencies point down only. */
class LayersTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.liiklus");

  @Test
  void theServerNamesNoStorage() {
    noClasses()
        .that()
        .resideInAPackage("io.liiklus.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.liiklus.storage..",
            "io.liiklus.positions..",
            "io.liiklus.cli..",
            "org.apache.kafka..",
            "io.lettuce..")
        .check(CLASSES);
  }

  @Test
  void thePortsKnowNothingOfWhatIsBuiltOnThem() {
    noClasses()
        .that()
        .resideInAPackage("io.liiklus.api..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages("io.liiklus.api..", "java..", "org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void storagesKnowThePortsAlone() {
    noClasses()
        .that()
        .resideInAnyPackage("io.liiklus.storage..", "io.liiklus.positions..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.liiklus.server..", "io.liiklus.cli..", "com.github.bsideup..")
        .check(CLASSES);
  }

  @Test
  void grpcAndGeneratedTypesStayInTheirPackages() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.liiklus.server.grpc..", "io.liiklus.cli..", "com.github..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.github.bsideup..", "com.google.protobuf..")
        .check(CLASSES);
  }

  @Test
  void sessionsKnowNoTransport() {
    noClasses()
        .that()
        .resideInAnyPackage("io.liiklus.server.session..", "io.liiklus.server.memory..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "io.liiklus.server.grpc..", "com.typesafe..")
        .check(CLASSES);
  }

  @Test
  void theSettingsLibraryStaysInItsPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.liiklus.server.settings..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.typesafe..")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.liiklus.server.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
