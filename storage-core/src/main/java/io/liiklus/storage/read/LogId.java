package io.liiklus.storage.read;

/**
 * The log of one partition. Immutable.
 *
 * @param incarnation another one where a topic of the same name was made anew, since its offsets
 *     begin anew too
 */
public record LogId(String topic, int partition, String incarnation) {}
