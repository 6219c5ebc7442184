package io.liiklus.storage.kafka.publish;

import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.internals.KafkaFutureImpl;

/** Answers of a cluster about topics of one partition. Confined to the test's thread. */
final class SteppedAdmin {

  /** Whether leaders have the logs of all topics, or do not answer. */
  boolean haveLeadersAnswered = true;

  /** Value of each topic's {@code cleanup.policy}. */
  String cleanupPolicy = "delete";

  /** Null: every topic is there. */
  RuntimeException failure;

  Admin admin() {
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "describeTopics" -> topics((Collection<?>) arguments[0]);
                  case "listOffsets" -> offsets((Map<?, ?>) arguments[0]);
                  case "describeConfigs" -> configs((Collection<?>) arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private DescribeTopicsResult topics(Collection<?> names) {
    var described = new HashMap<String, KafkaFuture<TopicDescription>>();
    for (var name : names) {
      var nobody = new Node(1, "127.0.0.1", 1);
      var partition = new TopicPartitionInfo(0, nobody, List.of(), List.of());
      var answer = new KafkaFutureImpl<TopicDescription>();
      if (failure == null) {
        answer.complete(new TopicDescription(name.toString(), false, List.of(partition)));
      } else {
        answer.completeExceptionally(failure);
      }
      described.put(name.toString(), answer);
    }
    return new DescribeTopicsResult(null, described) {};
  }

  private ListOffsetsResult offsets(Map<?, ?> wanted) {
    var found = new HashMap<TopicPartition, KafkaFuture<ListOffsetsResultInfo>>();
    for (var id : wanted.keySet()) {
      var answer = new KafkaFutureImpl<ListOffsetsResultInfo>();
      if (haveLeadersAnswered) {
        answer.complete(new ListOffsetsResultInfo(0, 0, Optional.empty()));
      }
      found.put((TopicPartition) id, answer);
    }
    return new ListOffsetsResult(found);
  }

  private DescribeConfigsResult configs(Collection<?> resources) {
    var resource = (ConfigResource) resources.iterator().next();
    var config = new Config(List.of(new ConfigEntry("cleanup.policy", cleanupPolicy)));
    return new DescribeConfigsResult(Map.of(resource, KafkaFuture.completedFuture(config))) {};
  }
}
