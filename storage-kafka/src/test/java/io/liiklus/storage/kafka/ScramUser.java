package io.liiklus.storage.kafka;

import io.liiklus.api.MapSettings;
import io.liiklus.testing.KafkaCluster;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/** A user that a cluster may know, and a storage that logs in as that one. Immutable. */
public record ScramUser(KafkaCluster cluster, String name) {

  public static final String PASSWORD = "secret";

  private static final int ITERATIONS = 4_096;
  private static final long BOUND_SECONDS = 15;
  private static final ScramMechanism MECHANISM =
      ScramMechanism.fromMechanismName(KafkaCluster.LOGIN_MECHANISM);

  /** One that the cluster does not know yet. */
  public static ScramUser of(KafkaCluster cluster) {
    return new ScramUser(cluster, "user-" + UUID.randomUUID());
  }

  public MapSettings settings() {
    return KafkaTestStorage.settings(cluster.loginServers())
        .with("properties.security.protocol", "SASL_PLAINTEXT")
        .with("properties.sasl.mechanism", KafkaCluster.LOGIN_MECHANISM)
        .with(
            "properties.sasl.jaas.config",
            "%s required username=\"%s\" password=\"%s\";"
                .formatted(ScramLoginModule.class.getName(), name, PASSWORD));
  }

  /** Lets the user in by the password from now on. */
  public void set(String password) throws Exception {
    alter(
        new UserScramCredentialUpsertion(
            name, new ScramCredentialInfo(MECHANISM, ITERATIONS), password));
  }

  /** Connections that are open stay so. */
  void delete() throws Exception {
    alter(new UserScramCredentialDeletion(name, MECHANISM));
  }

  /** Gives a right, where the cluster has an authorizer. */
  public void allow(ResourceType type, String name, AclOperation operation) throws Exception {
    var resource = new ResourcePattern(type, name, PatternType.LITERAL);
    var entry = new AccessControlEntry("User:" + name(), "*", operation, AclPermissionType.ALLOW);
    cluster
        .admin()
        .createAcls(List.of(new AclBinding(resource, entry)))
        .all()
        .get(BOUND_SECONDS, TimeUnit.SECONDS);
  }

  private void alter(UserScramCredentialAlteration alteration) throws Exception {
    cluster
        .admin()
        .alterUserScramCredentials(List.of(alteration))
        .all()
        .get(BOUND_SECONDS, TimeUnit.SECONDS);
  }
}
