package io.liiklus.storage.group;

import java.time.Duration;

/**
 * Settings of all subscriptions of a storage. Immutable.
 *
 * @param retry how long to wait before a look-up that failed is tried again
 * @param topicAge how often it is looked whether the topic was made anew
 * @param skipsUnreadable whether a record that cannot be read is passed over; else its reads fail
 */
public record GroupSettings(Duration retry, Duration topicAge, boolean skipsUnreadable) {}
