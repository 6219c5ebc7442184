package io.liiklus.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** Dependencies point down only, between modules and between packages. */
class LayersTest {

  /** What every storage of logs may use beside the ports. */
  private static final String[] CORE = {
    "io.liiklus.storage.read..",
    "io.liiklus.storage.record..",
    "io.liiklus.storage.publish..",
    "io.liiklus.storage.group..",
    "io.liiklus.storage.fault.."
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          // Real servers for tests, by their own clients.
          .withImportOption(location -> !location.contains("io/liiklus/testing/"))
          .importPackages("io.liiklus");

  private static final String GRPC = "io.liiklus.server.grpc";

  @Test
  void server_namesNoStorage() {
    noClasses()
        .that()
        .resideInAPackage("io.liiklus.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.liiklus.storage..",
            "io.liiklus.positions..",
            "io.liiklus.cli..",
            "io.liiklus.client..")
        .check(CLASSES);
  }

  @Test
  void ports_knowTheJdkAndSlf4jAlone() {
    classes()
        .that()
        .resideInAPackage("io.liiklus.api..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.liiklus.api..", "java..", "org.slf4j..")
        .check(CLASSES);
  }

  /** A user's program gets no more with it. */
  @Test
  void client_knowsTheContractGrpcAndSlf4jAlone() {
    classes()
        .that()
        .resideInAPackage("io.liiklus.client..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.liiklus.client..",
            "com.github.bsideup.liiklus.protocol..",
            "com.google.protobuf..",
            "io.grpc",
            "org.slf4j..",
            "java..")
        .check(CLASSES);
  }

  /** A storage sees the ports and, where it has one, the storages' common core. */
  @Test
  void storages_knowThePortsAndNoOtherStorage() {
    storageKnows("io.liiklus.storage.kafka..", CORE);
    storageKnows("io.liiklus.storage.memory..", CORE);
    storageKnows("io.liiklus.storage.sql..", CORE);
    storageKnows("io.liiklus.positions.redis..", CORE);
    storageKnows("io.liiklus.storage.fault..");
    storageKnows("io.liiklus.storage.publish..");
    storageKnows("io.liiklus.storage.read..");
    storageKnows("io.liiklus.storage.record..");
    storageKnows("io.liiklus.storage.group..", "io.liiklus.storage.read..");
  }

  private static void storageKnows(String storage, String... core) {
    noClasses()
        .that()
        .resideInAPackage(storage)
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("io.liiklus..")
                .and(JavaClass.Predicates.resideOutsideOfPackages(storage, "io.liiklus.api.."))
                .and(JavaClass.Predicates.resideOutsideOfPackages(core)))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void librariesOfServers_stayInTheirStorages() {
    staysIn("org.apache.kafka..", "io.liiklus.storage.kafka..");
    staysIn("io.lettuce..", "io.liiklus.positions.redis..");
    staysIn("org.sqlite..", "io.liiklus.storage.sql.database..");
    staysIn("org.postgresql..", "io.liiklus.storage.sql.database..");
    staysIn("com.zaxxer..", "io.liiklus.storage.sql.database..");
  }

  @Test
  void settingsLibrary_staysInItsPackage() {
    staysIn("com.typesafe..", "io.liiklus.server.settings..");
  }

  @Test
  void generatedTypes_stayInTheGrpcPackagesAndTheClient() {
    staysIn(
        "com.github.bsideup..",
        GRPC + "..",
        "io.liiklus.cli..",
        "io.liiklus.client..",
        "com.github.bsideup..");
    staysIn(
        "com.google.protobuf..",
        GRPC + "..",
        "io.liiklus.cli..",
        "io.liiklus.client..",
        "com.github.bsideup..");
  }

  /** The server's Netty is the one that gRPC brings; its HTTP port and event loops use it too. */
  @Test
  void grpc_staysInItsPackagesAndTheClient() {
    noClasses()
        .that()
        .resideInAPackage("io.liiklus..")
        .and()
        .resideOutsideOfPackages(GRPC + "..", "io.liiklus.cli..", "io.liiklus.client..")
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("io.grpc..")
                .and(
                    JavaClass.Predicates.resideOutsideOfPackage("io.grpc.netty.shaded.io.netty..")))
        .check(CLASSES);
  }

  private static void staysIn(String library, String... packages) {
    noClasses()
        .that()
        .resideInAPackage("io.liiklus..")
        .and()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }

  @Test
  void tokenLibrary_staysInItsPackage() {
    staysIn("com.nimbusds..", "io.liiklus.server.security.jwt..");
  }

  /** Credentials know nothing of the calls that bring them; Netty's TLS is all they use of it. */
  @Test
  void security_knowsNoCalls() {
    noClasses()
        .that()
        .resideInAPackage("io.liiklus.server.security..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(GRPC + "..", "io.liiklus.server.ops..", "io.liiklus.server.session..")
        .check(CLASSES);
  }

  @Test
  void sessions_knowNoTransport() {
    noClasses()
        .that()
        .resideInAPackage("io.liiklus.server.session..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", GRPC + "..")
        .check(CLASSES);
  }

  /** What is out is kept by data structures that no thread and no wire can be told from. */
  @Test
  void inflight_knowsThePortsAlone() {
    noClasses()
        .that()
        .resideInAPackage("io.liiklus.server.inflight..")
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(
                    "io.grpc..", "com.google.protobuf..", "io.liiklus.server..")
                .and(JavaClass.Predicates.resideOutsideOfPackage("io.liiklus.server.inflight..")))
        .check(CLASSES);
  }

  @Test
  void authorizationAndQuotas_knowNoTransport() {
    noClasses()
        .that()
        .resideInAnyPackage("io.liiklus.server.authorization..", "io.liiklus.server.quota..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", GRPC + "..")
        .check(CLASSES);
  }

  @Test
  void processors_knowNoTransport() {
    noClasses()
        .that()
        .resideInAnyPackage("io.liiklus.server.processing..", "io.liiklus.server.schema..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", GRPC + "..")
        .check(CLASSES);
  }

  @Test
  void libraryOfSchemas_staysInItsPackage() {
    staysIn("com.networknt..", "io.liiklus.server.schema..");
    staysIn("com.fasterxml.jackson.databind..", "io.liiklus.server.schema..");
  }

  /** As the pictures in the packages' {@code package-info} have it. */
  @Test
  void grpcRooms_pointDown() {
    roomKnows("codec.status");
    roomKnows("codec.event", "codec.status");
    roomKnows("codec.request", "codec.event", "codec.status");
    roomKnows("codec.reply", "codec.event", "codec.status");
    roomKnows("transport");
    roomKnows("auth", "codec.status");
    roomKnows("quota", "auth", "codec.status");
    roomKnows("limits", "transport", "codec.request", "codec.status");
    roomKnows("publish", "transport", "codec.request", "codec.reply", "codec.status");
    roomKnows("pump", "codec.reply", "codec.event", "codec.status");
    roomKnows("consume", "pump", "codec.request", "codec.reply", "codec.event", "codec.status");
    roomKnows(
        "calls",
        "auth",
        "quota",
        "publish",
        "pump",
        "consume",
        "limits",
        "codec.request",
        "codec.reply",
        "codec.event",
        "codec.status");
  }

  private static void roomKnows(String room, String... below) {
    var known = new String[below.length + 1];
    known[0] = GRPC + "." + room;
    for (int i = 0; i < below.length; i++) {
      known[i + 1] = GRPC + "." + below[i];
    }
    noClasses()
        .that()
        .resideInAPackage(known[0])
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage(GRPC + "..")
                .and(JavaClass.Predicates.resideOutsideOfPackages(known)))
        .check(CLASSES);
  }

  /** Of all modules on the class path; a cycle of classes of several packages is one, too. */
  @Test
  void packages_haveNoCycles() {
    slices().assignedFrom(EACH_PACKAGE).should().beFreeOfCycles().check(CLASSES);
  }

  private static final SliceAssignment EACH_PACKAGE =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
          return SliceIdentifier.of(javaClass.getPackageName());
        }

        @Override
        public String getDescription() {
          return "each package";
        }
      };
}
