package io.liiklus.storage.read;

/** Order of a partition to its catch-up reader: where to read on, and for which seek. Immutable. */
record FetchTask(long generation, FetchPosition position) {}
