package io.liiklus.storage.kafka.group;

import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.kafka.client.LogRanges;
import io.liiklus.storage.kafka.client.StandingFaults;
import io.liiklus.storage.read.SharedReading;
import java.time.Duration;

/**
 * The surroundings of all memberships of this process. Immutable.
 *
 * @param retry the pause before a look-up is tried again
 */
record MemberContext(
    KafkaSettings settings,
    LogRanges logRanges,
    SharedReading reading,
    ManagedBlocking blocking,
    StandingFaults faults,
    Duration retry) {}
