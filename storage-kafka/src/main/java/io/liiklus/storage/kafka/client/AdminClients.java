package io.liiklus.storage.kafka.client;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/** Opens Admin clients. Immutable. */
public final class AdminClients {

  private AdminClients() {}

  /**
   * The first client of a storage: what it cannot start with, the others cannot either.
   *
   * @throws IllegalArgumentException naming the setting, where no host of the brokers can be found
   */
  public static Admin open(Map<String, Object> config) {
    try {
      return Admin.create(config);
    } catch (KafkaException failure) {
      if (failure.getCause() instanceof ConfigException reason
          && String.valueOf(reason.getMessage()).startsWith("No resolvable bootstrap")) {
        throw new IllegalArgumentException(
            "kafka.bootstrapServers: no host can be found of "
                + config.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG),
            failure);
      }
      throw failure;
    }
  }
}
